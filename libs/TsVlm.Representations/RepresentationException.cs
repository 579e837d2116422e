using TsVlm.Contracts;

namespace TsVlm.Representations;

/// <summary>
/// A series or setting from which no sample can be made; the message says where, what was expected, what was found and what to do.
/// </summary>
public sealed class RepresentationException(string message, Exception? cause = null) : Exception(message, cause), IUserFacingError;
