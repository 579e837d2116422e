using System.ClientModel;
using System.Net;
using Microsoft.Extensions.AI;

namespace TsVlm.Cli.Rationales;

/// <summary>An OpenAI client whose failures carry the HTTP status, and whose answers may have no choice.</summary>
/// <param name="inner">The client.</param>
internal sealed class OpenAIChat(IChatClient inner) : DelegatingChatClient(inner)
{
    /// <inheritdoc />
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (ClientResultException error)
        {
            throw new HttpRequestException(error.Message, error, error.Status == 0 ? null : (HttpStatusCode)error.Status);
        }
        catch (ArgumentOutOfRangeException)
        {
            // The library reads the first choice without asking whether there is one.
            return new ChatResponse();
        }
    }
}
