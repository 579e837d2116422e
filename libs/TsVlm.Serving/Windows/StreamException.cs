using TsVlm.Contracts;

namespace TsVlm.Serving.Windows;

/// <summary>Settings or a piece of a stream that cannot be used; the message states where, what was expected and what was found.</summary>
/// <param name="message">For the caller.</param>
public sealed class StreamException(string message) : Exception(message), IUserFacingError;
