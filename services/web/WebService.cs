using System.Net;
using TsVlm.Web.Access;
using TsVlm.Web.Files;

namespace TsVlm.Web;

/// <summary>Everything the web pages are made of.</summary>
public static class WebService
{
    private const int MaxMessageBytes = 1_000_000;   // a grid as JSON, in one message of a browser

    /// <summary>Registers the pages.</summary>
    public static void AddPages(this IServiceCollection services, WebSettings settings)
    {
        services.AddSingleton(settings);
        services.AddScoped<ServerSession>();
        services.AddSignIn();
        services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaxMessageBytes);
    }

    /// <summary>Maps the pages and their files.</summary>
    public static void MapPages(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<WebSettings>();
        app.Use(PageHeaders.Add);
        if (!settings.NeedsSignIn) app.Use(RequireLoopbackHost);
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapAssets();
        app.MapSignIn();
        var pages = app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        var files = app.MapFiles();
        if (!settings.NeedsSignIn) return;
        pages.RequireAuthorization();
        files.RequireAuthorization();
    }

    /// <summary>Without a key only this machine may ask: a page of another site whose name was made to lead here names another host.</summary>
    private static Task RequireLoopbackHost(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host.Trim('[', ']');
        if (host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address))) return next(context);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync($"Expected localhost or a loopback address as the host of the address, found '{host}'.");
    }
}
