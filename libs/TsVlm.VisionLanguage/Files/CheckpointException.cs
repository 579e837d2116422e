using TsVlm.Contracts;

namespace TsVlm.VisionLanguage.Files;

/// <summary>
/// A model file that cannot be used; the message names the file, the key or tensor, what was expected and what was found.
/// </summary>
public sealed class CheckpointException(string message, Exception? cause = null) : Exception(message, cause), IUserFacingError;
