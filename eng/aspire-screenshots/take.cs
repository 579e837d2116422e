// Takes the screenshots of docs/aspire.md from the running dashboard:
//   dotnet run eng/aspire-screenshots/take.cs
// Run it in the repository root. It starts the AppHost with its servers as processes and their data in a new folder, submits the preset
// quick by the dashboard's own command, waits for its report and ends everything again. It needs Chromium (CHROMIUM=PATH where it is not
// /usr/bin/chromium).
#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
#:property RestorePackagesWithLockFile=false
#:package Microsoft.Playwright@1.64.1

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Playwright;

const string Dashboard = "http://localhost:21100";
int[] ServerPorts = [21000, 21432, 21672];
const string Key = "screenshots-screenshots-screenshots";
var images = Path.GetFullPath("docs/images/aspire");
var data = Directory.CreateDirectory(".local/screenshots");
if (data.EnumerateFileSystemInfos().Any()) throw new InvalidOperationException($"{data}: expected no data of earlier runs. Remove the folder.");
Directory.CreateDirectory(images);

using var appHost = StartAppHost();
try
{
    await TakeAll();
    return 0;
}
catch (Exception error) when (error is TimeoutException or PlaywrightException or HttpRequestException)
{
    Console.Error.WriteLine(error);
    return 1;
}
finally
{
    // Ctrl-C of a terminal reaches the whole group; here the group is made by setsid.
    Process.Start("kill", ["-INT", "--", $"-{appHost.Id}"])!.WaitForExit();
    if (!appHost.WaitForExit(TimeSpan.FromMinutes(2))) appHost.Kill(entireProcessTree: true);
    // Servers find themselves by their folders when they are stopped.
    while (ServerPorts.Any(Answers)) await Task.Delay(500);
    data.Delete(recursive: true);
}

Process StartAppHost()
{
    var start = new ProcessStartInfo("setsid",
        ["dotnet", "run", "-c", "Release", "--project", "TsVlm.AppHost", "--", "--Servers", "processes", "--Servers:Folder", data.FullName,
            "--DcpPublisher:WaitForResourceCleanup", "true"]);
    start.Environment["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true";   // no token to type in
    start.Environment["Parameters__api-key"] = Key;
    return Process.Start(start)!;
}

async Task TakeAll()
{
    using var playwright = await Playwright.CreateAsync();
    await using var browser = await playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    });
    var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 760 } });
    await WaitForDashboard();

    await page.GotoAsync(Dashboard);
    var scenarios = page.Locator("tr", new() { HasText = "TsVlm.Scenarios.csproj" });
    var submit = scenarios.Locator("fluent-button[title^=\"Submits the preset\"]:not([disabled])");
    await submit.WaitForAsync(new() { Timeout = 180_000 });
    await page.WaitForTimeoutAsync(15_000);   // until the others are healthy too
    await CloseBanners(page);
    await Take(page, "resources");

    await submit.ClickAsync();
    await page.GetByText("was submitted").First.WaitForAsync();
    await Take(page, "submitted");
    var api = await scenarios.Locator("a", new() { HasText = "API reference" }).GetAttributeAsync("href");
    await WaitForReport(new Uri(api!));

    await page.ReloadAsync();
    await page.WaitForTimeoutAsync(3000);
    await CloseBanners(page);
    await scenarios.Locator("fluent-button[title=Actions]").ClickAsync();
    await page.Locator("fluent-menu-item[title=Commands]").First.ClickAsync();
    await page.WaitForTimeoutAsync(1000);
    await Take(page, "commands");
    await page.GetByText("Garbage collection, dry run").Last.ClickAsync();
    await page.GetByText("MB in all").First.WaitForAsync(new() { Timeout = 60_000 });
    await Take(page, "garbage-collection");

    await page.GotoAsync($"{Dashboard}/traces");
    await page.WaitForTimeoutAsync(4000);
    await CloseBanners(page);
    await page.GetByPlaceholder("Filter...").Last.FillAsync("scenarios: run");
    await page.WaitForTimeoutAsync(2000);
    await Take(page, "traces");
    await page.GetByText("scenarios: run").Nth(3).ClickAsync();   // baselines come first; this one is fine-tuned
    await page.WaitForTimeoutAsync(4000);
    await Take(page, "trace", height: 1500);

    await page.GotoAsync($"{Dashboard}/structuredlogs");
    await page.WaitForTimeoutAsync(3000);
    await page.GetByPlaceholder("Filter...").Last.FillAsync("|");
    await page.WaitForTimeoutAsync(2000);
    await Take(page, "logs");
    await page.GotoAsync($"{Dashboard}/metrics/resource/trainer?meter=TsVlm&instrument=tsvlm.training.loss&duration=5&view=Graph");
    await page.WaitForTimeoutAsync(6000);
    await Take(page, "metrics");
}

bool Answers(int port)
{
    try
    {
        using var client = new TcpClient("127.0.0.1", port);
        return true;
    }
    catch (SocketException)
    {
        return false;
    }
}

async Task WaitForDashboard()
{
    using var http = new HttpClient();
    for (var turn = 0; turn < 180; turn++)
    {
        try
        {
            if ((await http.GetAsync(Dashboard)).IsSuccessStatusCode) return;
        }
        catch (HttpRequestException)
        {
            // Not yet.
        }
        await Task.Delay(1000);
    }
    throw new TimeoutException($"{Dashboard}: expected Aspire's dashboard, found no answer after three minutes.");
}

async Task WaitForReport(Uri api)
{
    using var http = new HttpClient { BaseAddress = api };
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    for (var turn = 0; turn < 60; turn++)
    {
        using var page = JsonDocument.Parse(await http.GetStringAsync("/experiments"));
        if (page.RootElement.GetProperty("items").EnumerateArray().All(e => e.GetProperty("status").GetString() == "ended")) return;
        await Task.Delay(10_000);   // each question is a trace of its own
    }
    throw new TimeoutException("The experiment: expected its report within ten minutes.");
}

async Task CloseBanners(IPage page)
{
    while (await page.Locator(".dashboard-message-bar fluent-button").CountAsync() > 0)
    {
        await page.Locator(".dashboard-message-bar fluent-button").First.ClickAsync();
        await page.WaitForTimeoutAsync(500);
    }
}

async Task Take(IPage page, string name, int height = 760)
{
    await page.SetViewportSizeAsync(1400, height);
    await page.WaitForTimeoutAsync(500);
    await page.ScreenshotAsync(new() { Path = Path.Combine(images, $"{name}.png") });
    Console.WriteLine($"docs/images/aspire/{name}.png");
}
