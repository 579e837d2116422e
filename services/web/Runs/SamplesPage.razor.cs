using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using TsVlm.Contracts.Http;
using TsVlm.Web.Layout;

namespace TsVlm.Web.Runs;

/// <summary>The test cases of a run, one at a time: what the model saw and what it answered.</summary>
public sealed partial class SamplesPage : ServerPage
{
    private const int MaxProbabilities = 10;
    private RunResponse? run;
    private IReadOnlyList<PredictedCase>? cases;
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

    private string RunAddress => $"experiments/{Uri.EscapeDataString(Experiment)}/runs/{Uri.EscapeDataString(Id)}";

    private string Address => $"{RunAddress}/samples";

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (run?.Id != Id && !await Ask(async client =>
        {
            run = await client.ShowRun(Id, Left);
            cases = await RunDownload.Predictions(client, Id, Left);
        })) return;
        Choose();
        if (current is null || run!.Run!.Baseline is not null || sample?.Case == current.Case) return;
        (sample, isWaiting) = (null, true);
        var wanted = current.Case;
        await Ask(async client =>
        {
            var found = await client.ShowSample(Id, wanted, Left);
            if (current?.Case == wanted) sample = found;
        });
        isWaiting = false;
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
            && (Predicted is null || c.Prediction == Predicted));
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

    private void Go(string? show = null, string? label = null, string? predicted = null, string? order = null) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["show"] = Chosen(show, Show),
            ["class"] = Chosen(label, Class),
            ["predicted"] = Chosen(predicted, Predicted),
            ["order"] = Chosen(order, Order),
            ["case"] = null,
        }));

    /// <summary>The new choice where there is one; the empty choice is none.</summary>
    private static string? Chosen(string? changed, string? before) => (changed ?? before) is { Length: > 0 } choice ? choice : null;

    private static string Width(double probability) => string.Create(CultureInfo.InvariantCulture, $"width:{100 * probability:0.#}%");
}
