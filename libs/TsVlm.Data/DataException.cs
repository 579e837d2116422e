using TsVlm.Contracts;

namespace TsVlm.Data;

/// <summary>Data that cannot be used; the message says where, what was expected, what was found and what to do.</summary>
public sealed class DataException(string message) : Exception(message), IUserFacingError;
