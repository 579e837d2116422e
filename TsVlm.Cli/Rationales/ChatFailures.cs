using System.Net;
using TsVlm.Contracts;

namespace TsVlm.Cli.Rationales;

/// <summary>What a failed request to a chat service means for the next one.</summary>
internal static class ChatFailures
{
    /// <summary>
    /// Whether the same request may succeed later: the service was not reached, is busy or has failed itself. One that refuses the key
    /// (401, 403), knows no such model or address (404) or cannot read the request refuses it again.
    /// </summary>
    public static bool IsTransient(Exception error) => error switch
    {
        HttpRequestException { StatusCode: { } status } => status
            is HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests
                or >= HttpStatusCode.InternalServerError,
        ArgumentException or EmptyAnswerException => false,
        _ => true,
    };

    /// <summary>What people read of it, with what to do where the status tells.</summary>
    public static string Describe(Exception error) => EndOf(error.Message.Trim()) + (error as HttpRequestException)?.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => " The service refuses the key: set TSVLM_CHAT_KEY to one that it takes.",
        HttpStatusCode.NotFound => " The service has no such address or model: check --endpoint and --chat-model.",
        _ => "",
    };

    private static string EndOf(string message) => message.EndsWith('.') ? message : message + ".";
}

/// <summary>An answer of a chat service without a choice to read.</summary>
internal sealed class EmptyAnswerException()
    : Exception("an answer without choices. Is the address that of an OpenAI-compatible chat service?"), IUserFacingError;
