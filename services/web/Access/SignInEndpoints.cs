using System.Net;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using TsVlm.Client;

namespace TsVlm.Web.Access;

/// <summary>Signing in with a key of the server, and out. The key stays in a cookie that only this service can read.</summary>
internal static class SignInEndpoints
{
    public const string SignInPath = "/sign-in";
    private const string SignOutPath = "/sign-out";
    private const string Limit = "sign-in";
    private const int MaxKeyCharacters = 1000;
    private const int MaxTriesPerMinute = 10;

    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "tsvlm";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.LoginPath = SignInPath;
            cookie.ReturnUrlParameter = "from";
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
        });
        services.AddAuthorization().AddCascadingAuthenticationState();
        services.AddRateLimiter(limits => limits.AddPolicy(Limit, context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress, _ => new() { PermitLimit = MaxTriesPerMinute, Window = TimeSpan.FromMinutes(1) }))
            .RejectionStatusCode = StatusCodes.Status429TooManyRequests);
    }

    public static void MapSignIn(this WebApplication app)
    {
        app.MapGet(SignInPath, (string? from) => Page(from, null));
        app.MapPost(SignInPath, SignIn).RequireRateLimiting(Limit);
        app.MapGet(SignOutPath, () => new RazorComponentResult<SignOutPage>());
        app.MapPost(SignOutPath, SignOut);
    }

    private static RazorComponentResult<SignInPage> Page(string? from, string? error) =>
        new(new Dictionary<string, object?> { [nameof(SignInPage.From)] = from, [nameof(SignInPage.Error)] = error });

    private static async Task<IResult> SignIn(HttpContext context, WebSettings settings, TimeProvider clock, [FromForm] string? key,
        [FromForm] string? from, CancellationToken cancellationToken)
    {
        key = key?.Trim() ?? "";
        if (key.Length is 0 or > MaxKeyCharacters) return Page(from, "Expected a key of the server, found none.");
        try
        {
            using var client = new TsVlmClient(settings.Server, key, clock);
            await client.ListExperiments(cancellationToken, limit: 1);
        }
        catch (ServerException error) when (error.Status is HttpStatusCode.Unauthorized)
        {
            return Page(from, "Expected a key of the server, found another one.");
        }
        catch (Exception error) when (error is ServerException or FormatException)
        {
            return Page(from, error is ServerException ? error.Message : "Expected a key of the server, found another one.");
        }
        var user = new ClaimsPrincipal(new ClaimsIdentity([new(ServerSession.KeyClaim, key)], CookieAuthenticationDefaults.AuthenticationScheme));
        await context.SignInAsync(user);
        return Results.LocalRedirect(IsLocal(from) ? from! : "/");
    }

    private static async Task<IResult> SignOut(HttpContext context, [FromForm] string? confirmed)
    {
        _ = confirmed;   // a form parameter, so that the request must carry the antiforgery token
        await context.SignOutAsync();
        return Results.LocalRedirect(SignInPath);
    }

    /// <summary>Whether it is a path of these pages: one slash, and no other host behind it.</summary>
    internal static bool IsLocal(string? address) =>
        address is ['/', ..] && (address.Length == 1 || address[1] is not ('/' or '\\')) && !address.Any(char.IsControl);
}
