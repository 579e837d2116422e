using TsVlm.ServiceDefaults;
using TsVlm.ServiceDefaults.Hosting;

namespace TsVlm.Web.Access;

/// <summary>Which server the pages show, and whether a user must sign in.</summary>
/// <param name="Server">Address of the scenarios service.</param>
/// <param name="Key">The key that everyone uses who needs not sign in; null where each user brings one, or the server asks for none.</param>
/// <param name="NeedsSignIn">Whether a user must sign in with a key of the server.</param>
public sealed record WebSettings(Uri Server, string? Key, bool NeedsSignIn)
{
    private const string TraceName = "Web__TraceAddress";
    private const string TracePart = "{traceId}";
    private const string AddressName = "Scenarios__Address";
    private const string KeyName = "Scenarios__Key";

    /// <summary>Where a trace is shown, with <c>{traceId}</c> for its id; null where nobody shows traces.</summary>
    public string? TraceAddress { get; init; }

    /// <summary>Whether the server is a part of the same command, which nobody else can ask.</summary>
    public bool IsOneMachine { get; init; }

    /// <summary>Bytes of an uploaded file at most: the pages read it, in memory that all users share.</summary>
    public long MaxUploadBytes { get; init; } = 20_000_000;

    /// <summary>Folder of this machine whose files of rationales can be edited; null for none.</summary>
    public string? RationaleFolder { get; init; }

    /// <summary>The address of a trace, or null.</summary>
    public string? TraceOf(string traceId) => TraceAddress?.Replace(TracePart, Uri.EscapeDataString(traceId), StringComparison.Ordinal);

    /// <summary>The settings of a service of its own.</summary>
    /// <exception cref="SettingException">One is missing or wrong.</exception>
    public static WebSettings Read(ServiceHost service)
    {
        const string Expected = "the address of the scenarios service, such as http://scenarios:8080";
        var text = service.Settings.Require(AddressName, Expected);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw Settings.Wrong(AddressName, Expected, text);
        var isOpen = service.IsLoopback && service.Builder.Environment.IsDevelopment();
        var key = service.Settings.Find(KeyName);
        if (key is not null && !isOpen)
            throw new SettingException(
                $"{KeyName}: expected nothing, for each user signs in with a key, found a key. It is for a loopback address with "
                + "ASPNETCORE_ENVIRONMENT=Development only. Remove it from the environment of the service.");
        return new(server, key, !isOpen) 
        {
            TraceAddress = Trace(service.Settings), MaxUploadBytes = 1_000_000L * service.Settings.Number("Web__MaxUploadMB", 20, 1, 2000),
        };
    }

    private static string? Trace(Settings settings)
    {
        const string Expected = $"the http or https address of a trace with {TracePart} for its id, such as https://traces/trace/{TracePart}";
        if (settings.Find(TraceName) is not { } text) return null;
        return text.Contains(TracePart, StringComparison.Ordinal)
            && Uri.TryCreate(text.Replace(TracePart, "0", StringComparison.Ordinal), UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            ? text : throw Settings.Wrong(TraceName, Expected, text);
    }
}
