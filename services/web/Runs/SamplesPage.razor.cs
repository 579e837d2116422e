using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using TsVlm.Client;
using TsVlm.Contracts.Http;
using TsVlm.Pages.Datasets;
using TsVlm.Web.Layout;

namespace TsVlm.Web.Runs;

/// <summary>The test cases of a run, one at a time: what the model saw and what it answered.</summary>
public sealed partial class SamplesPage : ServerPage
{
    private const int NumColumns = 300;   // as many as a plot has pixels
    private const int MaxRuns = 1000;     // of an experiment, to choose another from
    private RunResponse? run;
    private IReadOnlyList<PredictedCase>? cases;
    private IReadOnlyDictionary<int, string>? rationales;
    private IReadOnlyList<RunResponse> others = [];
    private OtherRun? beside;
    private SampleResponse? besideSample;
    private SeriesOutline? series;
    private SeriesScale? scale;
    private string? seriesProblem;
    private string? shown;
    private List<PredictedCase> chosen = [];
    private PredictedCase? current;
    private SampleResponse? sample;
    private ElementReference page;
    private int place;
    private bool isWaiting;
    private bool isFocused;

    /// <summary>The experiment that the run is shown as a part of.</summary>
    [Parameter]
    public required string Experiment { get; set; }

    /// <summary>The run.</summary>
    [Parameter]
    public required string Id { get; set; }

    /// <summary>The case that is shown.</summary>
    [SupplyParameterFromQuery(Name = "case")]
    public int? Number { get; set; }

    /// <summary><c>right</c> or <c>wrong</c>; null for all.</summary>
    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    /// <summary>The true class; null for all.</summary>
    [SupplyParameterFromQuery(Name = "class")]
    public string? Class { get; set; }

    /// <summary>The predicted class; null for all.</summary>
    [SupplyParameterFromQuery(Name = "predicted")]
    public string? Predicted { get; set; }

    /// <summary><c>unsure</c> or <c>sure</c>; null for the order of the data set.</summary>
    [SupplyParameterFromQuery(Name = "order")]
    public string? Order { get; set; }

    /// <summary>The least confidence in per cent; null for any.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public double? From { get; set; }

    /// <summary>The greatest confidence in per cent; null for any.</summary>
    [SupplyParameterFromQuery(Name = "to")]
    public double? To { get; set; }

    /// <summary>Another run on the same test cases, which is shown beside this one; null for none.</summary>
    [SupplyParameterFromQuery(Name = "with")]
    public string? With { get; set; }

    private string RunAddress => $"experiments/{Uri.EscapeDataString(Experiment)}/runs/{Uri.EscapeDataString(Id)}";

    private string Address => $"{RunAddress}/samples";

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (run?.Id != Id && !await Ask(Load)) return;
        if (With is null) beside = null;
        else if (beside?.Run.Id != With && !await Ask(async client => beside = await OtherRun.Read(client, With, Left))) beside = null;
        Choose();
        if (current is null) return;
        var wanted = $"{current.Case}\n{With}";
        if (wanted == shown) return;
        shown = wanted;
        (sample, besideSample, series, scale, seriesProblem, isWaiting) = (null, null, null, null, null, true);
        await ShowCase(current.Case, wanted);
        if (wanted == shown) isWaiting = false;
    }

    private async Task Load(TsVlmClient client)
    {
        var found = await client.ShowRun(Id, Left);
        cases = await RunDownload.Predictions(client, Id, Left);
        rationales = await RunDownload.Rationales(client, found, Left);
        (run, shown) = (found, null);
        others = [.. (await client.ShowExperiment(Experiment, Left, limit: MaxRuns)).Runs
            .Where(other => other.Succeeded && other.Id != Id && other.Dataset == found.Dataset && other.Resample == found.Resample)];
    }

    /// <summary>Asks for what is shown of a case: the sample, that of the other run, and the series itself.</summary>
    private async Task ShowCase(int number, string wanted)
    {
        await Ask(async client =>
        {
            var found = run!.Run!.Baseline is null ? await client.ShowSample(Id, number, Left) : null;
            var other = beside is { Run.Run.Baseline: null } && beside.Cases.ContainsKey(number) ? await client.ShowSample(With!, number, Left) : null;
            if (wanted == shown) (sample, besideSample) = (found, other);
        });
        var dataset = run!.Run!.Dataset;
        SeriesOutline? outline = null;
        if (!await Ask(async client => outline = (await client.ShowSeries(dataset.Name, dataset.ContentHash, Left, number: number, columns: NumColumns)).Items[0]))
        {
            (seriesProblem, Error) = (Error, null);   // the rest of the page needs no series
            return;
        }
        if (wanted == shown) (series, scale) = (outline, SeriesScale.Of(outline!.Length, outline.StepsPerColumn, 0, [outline], []));
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (isFocused || cases is null) return;
        isFocused = true;
        await page.FocusAsync(preventScroll: true);   // so that the arrow keys work from the start
    }

    private void Choose()
    {
        var wanted = cases!.Where(c => (Show is null || c.IsRight == (Show == "right")) && (Class is null || c.Label == Class)
            && (Predicted is null || c.Prediction == Predicted) && (From is null || 100 * c.Confidence >= From) && (To is null || 100 * c.Confidence <= To));
        chosen = [.. Order switch { "unsure" => wanted.OrderBy(c => c.Confidence), "sure" => wanted.OrderByDescending(c => c.Confidence), _ => wanted }];
        place = Math.Max(0, chosen.FindIndex(c => c.Case == Number));
        current = chosen.ElementAtOrDefault(place);
    }

    private void Step(KeyboardEventArgs key)
    {
        if (key is { CtrlKey: false, AltKey: false, MetaKey: false })
            Move(key.Key switch { "ArrowRight" or "j" => 1, "ArrowLeft" or "k" => -1, _ => 0 });
    }

    private void Move(int steps)
    {
        if (steps == 0 || chosen.ElementAtOrDefault(place + steps) is not { } next) return;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("case", next.Case), replace: true);
    }

    private void Go(string name, ChangeEventArgs changed, bool keepCase = false) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            [name] = (string?)changed.Value is { Length: > 0 } choice ? choice : null,
            ["case"] = keepCase ? current?.Case : null,
        }));

    private static string Text(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
