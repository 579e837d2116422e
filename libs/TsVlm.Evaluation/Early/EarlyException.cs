using TsVlm.Contracts;

namespace TsVlm.Evaluation.Early;

/// <summary>Early classification that cannot be done as asked; the message states what was expected and what was found.</summary>
/// <param name="message">For the user.</param>
public sealed class EarlyException(string message) : Exception(message), IUserFacingError;
