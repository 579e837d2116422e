using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using TsVlm.EndToEnd.Tests;
using TsVlm.Tests;
using TsVlm.Web.Tests.Server;
using static Microsoft.Playwright.Assertions;

namespace TsVlm.Web.Tests.Browsing;

/// <summary><c>tsvlm web</c> as a newcomer uses it: choose data and a preset, start, watch, read the result, look at a sample.</summary>
public sealed class NewcomerTests : IAsyncLifetime
{
    private const int LongEnough = 180_000;   // ms; a probe takes seconds, a busy machine more
    // Browsers let the keyboard reach a region that scrolls (Chromium since version 130), which axe does not know.
    private static readonly AxeRunOptions Rules = new() { Rules = new() { ["scrollable-region-focusable"] = new() { Enabled = false } } };
    private readonly TemporaryFolder folder = new();
    private CliProcess? command;
    private Chromium? chromium;
    private string address = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Chromium.Missing is not null, Chromium.Missing ?? "");
        LocalServer.WriteData(folder.File("data"));
        File.WriteAllText(folder.File("shapes.csv"), "dataset,case,class,rationale,accepted\nShapes,0,cylinder,stays up,yes\n");
        command = CliProcess.Start(folder.Path, "web", "--data", "data", "--out", "out", "--no-browser");
        await command.WaitForOutput("Ctrl-C stops");
        address = command.Output.Single(line => line.StartsWith("Pages:", StringComparison.Ordinal))["Pages:".Length..].Trim();
        chromium = await Chromium.Start();
    }

    [Fact]
    public async Task A_newcomer_starts_an_experiment_watches_it_and_reads_its_result_and_samples()
    {
        var (page, complaints) = await chromium!.Open();
        await page.GotoAsync(address);
        await Expect(page.GetByText("There is no experiment yet")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Start the first one" }).ClickAsync();

        await page.GetByLabel("Preset").SelectOptionAsync("probe");
        await Expect(page.Locator("#plan")).ToContainTextAsync("on 1 data set");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("preset=probe"));
        await page.GetByLabel("Seeds").FillAsync("zero");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("seeds: expected numbers of 0 or more");
        await Expect(page.Locator("#start")).ToBeDisabledAsync();
        await page.GetByLabel("Seeds").FillAsync("0");
        await page.Locator("#start").ClickAsync();

        await Expect(page.Locator("table.runs tbody tr").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Report", Exact = true })).ToBeVisibleAsync(new() { Timeout = LongEnough });
        await Expect(page.Locator("#results")).ToContainTextAsync("tower-probe");
        await Expect(page.Locator("table.runs .badge.bad")).ToHaveCountAsync(0);
        var experiment = page.Url;

        await page.Locator("table.runs").GetByRole(AriaRole.Link, new() { Name = "tower-probe", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Confusion matrix" })).ToBeVisibleAsync();
        var cell = page.Locator("svg.matrix a").First;
        var numCases = (await cell.GetAttributeAsync("aria-label"))!.Split(' ')[0];
        await cell.ClickAsync();
        await Expect(page.GetByText($"1 of {numCases}")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("class=.*predicted="));
        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Samples" }).ClickAsync();
        await Expect(page.GetByText("case 48, 1 of 18")).ToBeVisibleAsync();
        await Expect(page.Locator("article img")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByText("case 49, 2 of 18")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("case=49"));
        await ExpectNoScriptToRun(page);

        await page.GotoAsync(address);
        await Expect(page.Locator("table.experiments .badge")).ToHaveTextAsync("finished");
        await ExpectToBeUsable(experiment, page.Url);
        await page.GotoAsync($"{address}/files{new Uri(experiment).AbsolutePath}/report.html");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Results" })).ToBeVisibleAsync();
        await ExpectNoScriptToRun(page);
        Assert.Empty(complaints);

        command!.Interrupt();
        Assert.Equal(0, (await command.End()).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        command?.Dispose();
        folder.Dispose();
    }

    /// <summary>A class of the data set has a script as its name: it is shown, and nothing of it runs.</summary>
    private static async Task ExpectNoScriptToRun(IPage page)
    {
        Assert.Contains("window.hacked=1", await page.Locator("main").First.InnerHTMLAsync());
        Assert.True(await page.EvaluateAsync<bool>("window.hacked === undefined"));
    }

    /// <summary>
    /// Every page can be used on a telephone and with a screen reader: nothing but tables is wider than the screen, and those scroll in
    /// their own frame; axe finds no serious fault.
    /// </summary>
    private async Task ExpectToBeUsable(string experiment, string list)
    {
        var (page, complaints) = await chromium!.Open(width: 390, isDark: true);
        await page.GotoAsync(experiment);
        await Expect(page.Locator("#results")).ToBeVisibleAsync();
        var run = await page.Locator("table.runs a").Last.GetAttributeAsync("href");
        foreach (var (path, shown) in ((string, string)[])
            [(list, "table.experiments"), ($"{address}/new", "#plan"), ($"{address}/data", "table.datasets"), ($"{address}/rationales?file=shapes.csv", "article"), ($"{address}/data/{LocalServer.Dataset}", "#classes svg"), (experiment, "#results"),
            ($"{address}/compare?experiments={new Uri(experiment).Segments[^1]}", "#paired table, #paired p"), ($"{address}/{run}", ".metrics"), ($"{address}/{run}/samples", "article img")])
        {
            await page.GotoAsync(path);
            await Expect(page.Locator(shown).First).ToBeVisibleAsync();
            await ExpectNoFault(page);
        }
        await page.GotoAsync($"{address}/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit it" }).ClickAsync();
        await Expect(page.Locator(".grid-form .settings").First).ToBeVisibleAsync();
        await ExpectNoFault(page);
        Assert.Empty(complaints);
    }

    private static async Task ExpectNoFault(IPage page)
    {
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 390, $"{page.Url} is wider than 390 pixels.");
        var faults = (await page.RunAxe(Rules)).Violations.Where(fault => fault.Impact is "serious" or "critical")
            .SelectMany(fault => fault.Nodes.Select(node => $"{page.Url}: {fault.Id}: {node.Html}"));
        Assert.True(!faults.Any(), string.Join('\n', faults));
    }
}
