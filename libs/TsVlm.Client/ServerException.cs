using System.Net;
using TsVlm.Contracts;

namespace TsVlm.Client;

/// <summary>What a server refuses or cannot do, in its own words.</summary>
/// <param name="message">The sentence.</param>
/// <param name="status">How the server answered; null where it did not, or with something else than expected.</param>
/// <param name="inner">The cause.</param>
public sealed class ServerException(string message, HttpStatusCode? status = null, Exception? inner = null)
    : IOException(message, inner), IUserFacingError
{
    /// <summary>How the server answered; null where it did not, or with something else than expected.</summary>
    public HttpStatusCode? Status => status;

    /// <summary>Whether the server, or a proxy before it, may answer the same request later, as while it starts.</summary>
    public bool AsksForPatience => status is { } found && IsPassing(found);

    internal static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
        or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;
}
