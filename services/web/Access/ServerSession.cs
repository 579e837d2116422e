using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using TsVlm.Client;

namespace TsVlm.Web.Access;

/// <summary>The server as one user sees it: with the key that the user signed in with.</summary>
internal sealed class ServerSession(WebSettings settings, AuthenticationStateProvider users, TimeProvider clock) : IDisposable
{
    /// <summary>The claim that holds the key, in the encrypted cookie.</summary>
    public const string KeyClaim = "key";

    private TsVlmClient? client;

    /// <summary>The client of a page; one for all calls of a browser tab.</summary>
    public async Task<TsVlmClient> Open() => client ??= Open((await users.GetAuthenticationStateAsync()).User, settings, clock);

    /// <summary>The client of a request.</summary>
    public static TsVlmClient Open(ClaimsPrincipal user, WebSettings settings, TimeProvider clock) =>
        new(settings.Server, user.FindFirst(KeyClaim)?.Value ?? settings.Key, clock);

    public void Dispose() => client?.Dispose();
}
