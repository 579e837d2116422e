using TsVlm.Contracts;

namespace TsVlm.Cli.Server;

/// <summary>What a server refuses or cannot do, in its own words.</summary>
internal sealed class ServerException(string message, Exception? inner = null) : IOException(message, inner), IUserFacingError;
