using TsVlm.Contracts;

namespace TsVlm.VisionLanguage.Training;

/// <summary>
/// A training that cannot start or go on, and that trying again would not mend; the message says where, what was expected and what was
/// found.
/// </summary>
public sealed class FineTuningException(string message, Exception? cause = null) : Exception(message, cause), IUserFacingError;
