using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using TsVlm.Pages.Documents;

namespace TsVlm.Web.Files;

/// <summary>Style sheets, scripts and the icon: part of the assemblies, under addresses that change with their content.</summary>
internal static class AssetEndpoints
{
    private const string BlazorScript = "blazor.web.js";
    private static readonly string[] Own = ["web.css", "icon.svg"];
    private static readonly string[] OfReports = [PageAssets.ReportStyle, PageAssets.ComparisonStyle, PageAssets.AuditStyle, PageAssets.DatasetStyle];
    private static readonly ConcurrentDictionary<string, (byte[] Content, string Hash)> Known = new();

    /// <summary>The address of a file, relative to the base of the pages.</summary>
    public static string AddressOf(string name) => $"assets/{name}?v={Read(name).Hash}";

    public static void MapAssets(this WebApplication app)
    {
        app.MapGet("/assets/{name}", (string name, HttpResponse response) => Own.Concat(OfReports).Contains(name)
            ? Send(name, response, "public, max-age=31536000, immutable") : Results.NotFound());
        app.MapGet($"/_framework/{BlazorScript}", (HttpResponse response) => Send(BlazorScript, response, "no-cache"));
    }

    private static IResult Send(string name, HttpResponse response, string cacheControl)
    {
        var (content, hash) = Read(name);
        response.Headers.CacheControl = cacheControl;
        var type = Path.GetExtension(name) switch { ".css" => "text/css", ".js" => "text/javascript", _ => "image/svg+xml" };
        return Results.Bytes(content, $"{type}; charset=utf-8", entityTag: new EntityTagHeaderValue($"\"{hash}\""));
    }

    private static (byte[] Content, string Hash) Read(string name) => Known.GetOrAdd(name, static name =>
    {
        var content = OfReports.Contains(name) ? System.Text.Encoding.UTF8.GetBytes(PageAssets.Read(name)) : Resource(name);
        return (content, Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
    });

    private static byte[] Resource(string name)
    {
        using var stream = typeof(AssetEndpoints).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
