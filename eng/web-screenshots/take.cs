// Takes the screenshots of docs/web.md from tsvlm web:
//   dotnet build TsVlm.Cli -c Release && dotnet run eng/web-screenshots/take.cs
// Run it in the repository root. It runs the preset quick on two built-in data sets in a new folder, which takes two minutes on two cores, and
// ends everything again. It needs Chromium (CHROMIUM=PATH where it is not /usr/bin/chromium).
#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
#:property RestorePackagesWithLockFile=false
#:package Microsoft.Playwright@1.64.1

using System.Diagnostics;
using Microsoft.Playwright;

const float LongEnough = 600_000;
var images = Path.GetFullPath("docs/images/web");
Directory.CreateDirectory(images);
var output = Directory.CreateTempSubdirectory("tsvlm-screenshots-");
var program = Directory.GetFiles("TsVlm.Cli/bin/Release/net10.0", "tsvlm.dll", SearchOption.AllDirectories).Single();
using var command = Process.Start(new ProcessStartInfo("dotnet", [program, "web", "--no-browser", "--out", output.FullName])
{
    RedirectStandardOutput = true,
})!;
try
{
    var address = (await command.StandardOutput.ReadLineAsync())!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
    using var playwright = await Playwright.CreateAsync();
    await using var browser = await playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    });
    var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } });
    await page.GotoAsync($"{address}/new?datasets=CBF,TwoPatterns&preset=quick");
    await page.Locator("#plan").WaitForAsync();
    await Take(page, "new");
    await page.GetByRole(AriaRole.Button, new() { Name = "Edit it" }).ClickAsync();
    await page.Locator(".grid-form .settings").First.WaitForAsync();
    await page.Locator("#grid-owner").SelectOptionAsync("1");
    await page.GetByText("Form and JSON are the same grid").ScrollIntoViewIfNeededAsync();
    await page.EvaluateAsync("window.scrollTo(0, document.querySelector('.grid-editor').offsetTop - 60)");
    await Take(page, "grid");
    await page.GotoAsync($"{address}/data/CBF");
    await page.Locator("#classes svg").First.WaitForAsync();
    await Take(page, "data");
    await page.GotoAsync($"{address}/new?datasets=CBF,TwoPatterns&preset=quick");
    await page.Locator("#plan").WaitForAsync();
    await page.Locator("#start").ClickAsync();
    await page.Locator("svg.spark").First.WaitForAsync(new() { Timeout = LongEnough });
    await page.WaitForTimeoutAsync(5_000);   // until the curves have a shape
    await Take(page, "experiment");
    await page.GetByRole(AriaRole.Link, new() { Name = "Report", Exact = true }).WaitForAsync(new() { Timeout = LongEnough });
    await page.Locator("#results").ScrollIntoViewIfNeededAsync();
    await Take(page, "results");
    var experiment = page.Url;
    await page.Locator("table.runs").GetByRole(AriaRole.Link, new() { Name = "both", Exact = true }).Last.ClickAsync();
    await page.GetByRole(AriaRole.Heading, new() { Name = "Confusion matrix" }).WaitForAsync();
    await Take(page, "run");
    await page.GotoAsync($"{page.Url}/samples?order=unsure");
    await page.Locator("article img").WaitForAsync();
    await Take(page, "samples");
    await page.GotoAsync($"{address}/compare?experiments={new Uri(experiment).Segments[^1]}&by=representation.arm");
    await page.Locator("#paired table").WaitForAsync();
    foreach (var run in (await page.Locator("#add-run option").EvaluateAllAsync<string[]>("all => all.map(one => one.value)")).Where(value => value.Contains(".both.")))
    {
        await page.Locator("#add-run").SelectOptionAsync(run);
        await page.Locator("#losses button", new() { HasText = run.Split('.')[0] }).WaitForAsync();
    }
    await page.Locator("#losses svg").WaitForAsync();
    await page.EvaluateAsync("window.scrollTo(0, scrollY + document.querySelector('#settings table').getBoundingClientRect().top - 40)");
    await Take(page, "compare");
    await page.GotoAsync(address);
    await page.Locator("table.experiments").WaitForAsync();
    await Take(page, "experiments");
    await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
    await page.SetViewportSizeAsync(390, 800);
    await page.GotoAsync(experiment);
    await page.Locator("#results").WaitForAsync();
    await Take(page, "telephone");
    return 0;
}
finally
{
    Process.Start("kill", ["-INT", $"{command.Id}"])!.WaitForExit();
    if (!command.WaitForExit(TimeSpan.FromMinutes(1))) command.Kill();
    output.Delete(recursive: true);
}

async Task Take(IPage page, string name) => await page.ScreenshotAsync(new() { Path = Path.Combine(images, $"{name}.png") });
