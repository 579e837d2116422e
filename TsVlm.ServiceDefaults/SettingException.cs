using TsVlm.Contracts;

namespace TsVlm.ServiceDefaults;

/// <summary>
/// A setting that is missing or wrong: one line that names the key, what was expected and what was found. The service does not start.
/// </summary>
public sealed class SettingException(string message) : Exception(message), IUserFacingError;
