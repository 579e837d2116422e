using Microsoft.AspNetCore.Http;
using TsVlm.Contracts;

namespace TsVlm.Serving.Requests;

/// <summary>A request that is refused. The message states where, what was expected and what was found.</summary>
/// <param name="message">For the caller.</param>
/// <param name="status">HTTP status.</param>
internal sealed class RequestException(string message, int status = StatusCodes.Status400BadRequest) : Exception(message), IUserFacingError
{
    /// <summary>HTTP status.</summary>
    public int Status => status;

    /// <summary>When to ask again; null where that is of no use.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
