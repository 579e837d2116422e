using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TsVlm.Web;
using TsVlm.Web.Access;

namespace TsVlm.Cli.Hosting;

/// <summary>The web pages on a port of this machine alone.</summary>
internal static class LocalPages
{
    private const long MaxUploadBytes = 200_000_000;

    /// <summary>Pages that show the experiments of a server.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="key">Its key, which the pages use for everyone.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="verbose">Whether to log what the pages do.</param>
    /// <param name="rationales">Folder whose files of rationales can be edited; null for none.</param>
    public static WebApplication Build(Uri server, string key, int port, bool verbose, string? rationales = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "tsvlm" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false)
            .UseUrls(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        if (verbose) builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddRouting().AddSingleton(TimeProvider.System);
        // A page that was open when the command ended is loaded anew with the next one.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Services.AddPages(new WebSettings(server, key, NeedsSignIn: false)
        {
            IsOneMachine = true, RationaleFolder = rationales, MaxUploadBytes = MaxUploadBytes,
        });
        var app = builder.Build();
        app.MapPages();
        return app;
    }
}
