using System.Net;
using System.Security.Cryptography;
using System.Text;
using TsVlm.ServiceDefaults;

namespace TsVlm.Scenarios;

/// <summary>Who may use the API: whoever carries the key, as <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>.</summary>
/// <param name="key">The key; null lets everyone in, which only a loopback address in development may.</param>
internal sealed class ApiAccess(string? key)
{
    private const string Name = "Api__Key";

    /// <exception cref="SettingException">There is no key, and the service can be reached from elsewhere or is not in development.</exception>
    public static ApiAccess Read(ServiceHost service)
    {
        if (service.Settings.Find(Name) is { } key) return new(key);
        var urls = (service.Builder.Configuration["urls"] ?? "http://localhost").Split(';');
        var isLocal = service.Builder.Configuration["http_ports"] is null && urls.All(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback);
        return isLocal && service.Builder.Environment.IsDevelopment()
            ? new(null)
            : throw Settings.Wrong(Name, "the key that every request must carry, which only a loopback address with ASPNETCORE_ENVIRONMENT=Development may do without", null);
    }

    public async ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => Admits(context.HttpContext.Request)
        ? await next(context)
        : Results.Problem(
            "Expected Authorization: Bearer KEY or X-Api-Key: KEY with the key of this service.",
            statusCode: (int)HttpStatusCode.Unauthorized, title: "No key, or a wrong one.");

    private bool Admits(HttpRequest request)
    {
        if (key is null) return true;
        var bearer = request.Headers.Authorization.ToString();
        var given = bearer.StartsWith("Bearer ", StringComparison.Ordinal) ? bearer["Bearer ".Length..] : request.Headers["X-Api-Key"].ToString();
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }
}
