using TsVlm.Contracts;

namespace TsVlm.Baselines.Series;

/// <summary>
/// A baseline that cannot be trained, or a processor that computes it wrongly; the message says where, what was expected, what was found
/// and what to do.
/// </summary>
public sealed class BaselineException(string message) : Exception(message), IUserFacingError;
