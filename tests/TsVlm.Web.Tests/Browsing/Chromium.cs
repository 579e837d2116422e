using Microsoft.Playwright;

namespace TsVlm.Web.Tests.Browsing;

/// <summary>The system's own Chromium, without a screen. A machine without it skips the tests that need one.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string? Program = new[]
        {
            Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        }.FirstOrDefault(File.Exists);

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    /// <summary>Why there is none; null where there is one.</summary>
    public static string? Missing => Program is null
        ? "This test needs Chromium: apt-get install chromium, or name one in CHROMIUM." : null;

    public static async Task<Chromium> Start()
    {
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program, Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        }));
    }

    /// <summary>A tab; whatever it complains about, or asks of another host, is noted.</summary>
    public async Task<(IPage Page, List<string> Complaints)> Open(int width = 1280, bool isDark = false)
    {
        var complaints = new List<string>();
        var page = await browser.NewPageAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
        });
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("http://127.0.0.1:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                complaints.Add($"asked {request.Url}");
        };
        return (page, complaints);
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
