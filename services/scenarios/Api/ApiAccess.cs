using System.Security.Cryptography;
using System.Text;
using TsVlm.ServiceDefaults;
using TsVlm.ServiceDefaults.Hosting;

namespace TsVlm.Scenarios.Api;

/// <summary>
/// Who may use the API: whoever carries a key of the service, as <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>.
/// </summary>
internal sealed class ApiAccess
{
    private const string Name = "Api__Key";
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";
    private const string Expected =
        "the key that every request must carry (or several, separated by commas, while they are exchanged), which only a loopback address "
        + "with ASPNETCORE_ENVIRONMENT=Development may do without";

    private static readonly string[] OpenToAll = ["/health", "/alive"];
    private readonly byte[][] keys;

    /// <param name="keys">The keys; none lets everyone in.</param>
    private ApiAccess(IReadOnlyList<string> keys) => this.keys = [.. keys.Select(Hash)];

    /// <summary>Lets in who carries this key.</summary>
    public static ApiAccess Of(string key) => new([key]);

    /// <exception cref="SettingException">
    /// There is no key, and the service can be reached from elsewhere or is not in development.
    /// </exception>
    public static ApiAccess Read(ServiceHost service)
    {
        if (service.Settings.Find(Name) is { } text)
        {
            var keys = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return keys.Length > 0 ? new(keys) : throw Settings.Wrong(Name, Expected, null);
        }
        return service.IsLoopback && service.Builder.Environment.IsDevelopment()
            ? new([]) : throw Settings.Wrong(Name, Expected, null);
    }

    /// <summary>Lets a request through that carries a key, or asks for the service's health.</summary>
    public Task Check(HttpContext context, RequestDelegate next)
    {
        if (IsOpenToAll(context.Request) || keys.Length == 0 || KeyOf(context.Request) is not null) return next(context);
        context.Response.Headers.WWWAuthenticate =
            ApiReference.IsAskedFor(context.Request) ? "Basic realm=\"TsVlm\", charset=\"UTF-8\"" : "Bearer";
        return Results.Problem(
            "Expected Authorization: Bearer KEY or X-Api-Key: KEY with the key of this service.",
            statusCode: StatusCodes.Status401Unauthorized, title: "No key, or a wrong one.").ExecuteAsync(context);
    }

    /// <summary>Whether a request needs no key, since it asks for the service's health.</summary>
    public static bool IsOpenToAll(HttpRequest request) =>
        OpenToAll.Contains(request.Path.Value?.TrimEnd('/'), StringComparer.OrdinalIgnoreCase);

    /// <summary>Who a request is counted for: its key, or where it has none, its address.</summary>
    public string CallerOf(HttpContext context) =>
        KeyOf(context.Request) is { } key ? $"key {key}" : $"address {context.Connection.RemoteIpAddress}";

    /// <summary>Place of the request's key among those of the service; null where it has none of them.</summary>
    private int? KeyOf(HttpRequest request)
    {
        var given = Hash(GivenBy(request));
        int? found = null;
        // Every key is compared, in the same time whatever was given.
        foreach (var (place, key) in keys.Index())
        {
            if (CryptographicOperations.FixedTimeEquals(given, key)) found = place;
        }
        return found;
    }

    private static string GivenBy(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        if (!authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) || !ApiReference.IsAskedFor(request))
            return request.Headers["X-Api-Key"].ToString();
        var pair = new byte[authorization.Length];
        return Convert.TryFromBase64String(authorization[Basic.Length..].Trim(), pair, out var length)
            && Encoding.UTF8.GetString(pair.AsSpan(0, length)).Split(':', 2) is [_, var password] ? password : "";
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
