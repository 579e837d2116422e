using TsVlm.Contracts;

namespace TsVlm.Data;

/// <summary>Data that cannot be used; the message says where, what was expected, what was found and what to do.</summary>
/// <param name="message">The message; control characters in it, which come from a file or a name, become visible escapes.</param>
public sealed class DataException(string message) : Exception(VisibleText.Of(message)), IUserFacingError;
