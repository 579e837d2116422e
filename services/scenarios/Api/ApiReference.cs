using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace TsVlm.Scenarios.Api;

/// <summary>
/// The reference of the API as a page, from its OpenAPI document. A browser asks for the key as a password, under any user name; that opens
/// the page and the document only, so no other site can use it for requests that change anything.
/// </summary>
internal static class ApiReference
{
    /// <summary>Where the page is.</summary>
    public const string Path = "/reference";

    private const string DocumentPath = "/openapi";

    /// <summary>Whether a request reads the page or the document.</summary>
    public static bool IsAskedFor(HttpRequest request) => HttpMethods.IsGet(request.Method)
        && (request.Path.StartsWithSegments(Path) || request.Path.StartsWithSegments(DocumentPath));

    public static void MapApiReference(this WebApplication app) => app.MapScalarApiReference(Path, (options, context) =>
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        // Scripts are those of this service; the page styles itself by attributes.
        context.Response.Headers.ContentSecurityPolicy = $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; "
            + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
        options.WithTitle("TsVlm API").WithNonce(nonce).DisableAgent().DisableMcp().DisableTelemetry().DisableDefaultFonts()
            .HideClientButton().HideDeveloperTools().AddPreferredSecuritySchemes(ApiDocument.Key);
    });
}
