using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Evaluation;
using TsVlm.Web.Datasets;
using TsVlm.Web.Grids;
using TsVlm.Web.Layout;

namespace TsVlm.Web.Experiments;

/// <summary>Chooses data sets, scenarios and repetitions, and shows what they come to before anything starts.</summary>
public sealed partial class NewExperiment : ServerPage
{
    private const int MaxAtATime = 200;
    private const int MaxRunsAtATime = 1000;
    private const int MaxByDefault = 10;   // data sets that are chosen without being asked for: a plan reads each
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);   // of typing, before the server is asked
    private readonly List<DatasetSize> found = [];
    private IReadOnlyList<DatasetSize>? datasets;
    private IReadOnlyList<PresetResponse>? presets;
    private JsonObject? schema;
    private ExperimentForm form = new();
    private PlannedExperiment? plan;
    private string? problem;
    private bool isStarting;
    private int numChanges;
    private CancellationTokenSource planning = new();

    /// <summary>The experiment to begin with.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    /// <summary>Data sets to begin with, separated by commas.</summary>
    [SupplyParameterFromQuery(Name = "datasets")]
    public string? Datasets { get; set; }

    /// <summary>A data set of the store to begin with, as <c>NAME:HASH</c>.</summary>
    [SupplyParameterFromQuery(Name = "stored")]
    public string? Stored { get; set; }

    /// <summary>The preset to begin with.</summary>
    [SupplyParameterFromQuery(Name = "preset")]
    public string? Preset { get; set; }

    /// <summary>Seeds to begin with.</summary>
    [SupplyParameterFromQuery(Name = "seeds")]
    public string? Seeds { get; set; }

    /// <summary>Resamples to begin with.</summary>
    [SupplyParameterFromQuery(Name = "resamples")]
    public string? Resamples { get; set; }

    /// <summary>The split to begin with.</summary>
    [SupplyParameterFromQuery(Name = "protocol")]
    public string? Protocol { get; set; }

    private IReadOnlyList<string> Usable => [.. datasets!.Where(dataset => dataset.Error is null).Select(dataset => dataset.Name)];

    private IReadOnlyList<string> ByDefault => Usable.Count <= MaxByDefault ? Usable : [];

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        await Ask(async client =>
        {
            for (var total = 1; found.Count < total;)
            {
                var page = await client.ListDatasets(Left, found.Count, MaxAtATime);
                found.AddRange(page.Items);
                total = page.Items.Count == 0 ? 0 : page.Total;
            }
            var known = await client.ListPresets(Left);
            await using var content = await client.OpenGridSchema(Left);
            schema = (await JsonNode.ParseAsync(content, cancellationToken: Left))?.AsObject();
            datasets = found;
            form = new()
            {
                Stored = DatasetAddress.Stored(Stored) is { } stored ? [stored] : [],
                Datasets = Datasets is null ? Stored is null ? ByDefault : [] : [.. Datasets.Split(',').Intersect(Usable)],
                Preset = known.Items.Any(preset => preset.Name == Preset) ? Preset : ExperimentForm.DefaultPreset,
                Seeds = Seeds ?? "0",
                Resamples = Resamples ?? "0",
                Protocol = Protocol is "80-10-10" ? Protocol : "official",
            };
            if (From is not null)
            {
                var (title, runs) = await Runs(client, From);
                if (runs.Count > 0) form = ExperimentForm.Of(title, runs, [.. found.Select(dataset => dataset.Name)]);
            }
            presets = known.Items;
        });
        if (presets is not null) await Plan(numChanges);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing) planning.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>All runs of an experiment.</summary>
    private async Task<(string Title, List<RunSpec> Runs)> Runs(TsVlmClient client, string id)
    {
        var (title, runs) = ("", new List<RunSpec>());
        for (var total = 1; runs.Count < total;)
        {
            var part = await client.ShowExperiment(id, Left, runs.Count, MaxRunsAtATime, specs: true);
            runs.AddRange(part.Runs.Select(run => run.Run!));
            (title, total) = (part.Title, part.Runs.Count == 0 ? 0 : part.NumRuns.Total);
        }
        return (title, runs);
    }

    private void Choose(string name, bool isChosen) => Change(form with
    {
        // In the order of the catalog, so that the same choice is the same experiment.
        Datasets = [.. datasets!.Select(dataset => dataset.Name).Where(known => known == name ? isChosen : form.Datasets.Contains(known))],
    });

    private void ChoosePreset(string? name)
    {
        if (name is { Length: > 0 }) Change(form with { Preset = name });
        else Change(form with { Preset = null, Json = Grid(form.Preset) });
    }

    private string Grid(string? preset) =>
        presets!.FirstOrDefault(known => known.Name == preset) is { } found ? GridText.Format(found.Grid) : form.Json;

    private void Change(ExperimentForm changed)
    {
        form = changed;
        (plan, problem) = (null, null);
        var change = ++numChanges;
        // The address can be sent to a colleague; a grid of one's own is too long for it.
        if (form is { Preset: not null, Stored: [] })
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameters("new", new Dictionary<string, object?>
            {
                ["datasets"] = form.Datasets.SequenceEqual(ByDefault) ? null : string.Join(',', form.Datasets),
                ["preset"] = form.Preset,
                ["seeds"] = form.Seeds == "0" ? null : form.Seeds,
                ["resamples"] = form.Resamples == "0" ? null : form.Resamples,
                ["protocol"] = form.Protocol == "official" ? null : form.Protocol,
            }), replace: true);
        _ = PlanLater(change);
    }

    private async Task PlanLater(int change)
    {
        try
        {
            await Task.Delay(Pause, Clock, Left);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        if (change == numChanges) await InvokeAsync(() => Plan(change));
    }

    private async Task Plan(int change)
    {
        var (submission, error) = form.ToSubmission();
        PlannedExperiment? planned = null;
        // A plan of many data sets takes long; that of the form before is not wanted any more.
        await planning.CancelAsync();
        planning.Dispose();
        planning = CancellationTokenSource.CreateLinkedTokenSource(Left);
        var wanted = planning.Token;
        if (submission is not null && !await Ask(async client => planned = await client.Plan(submission, wanted)))
            (error, Error) = (Error, null);
        if (change != numChanges) return;   // the form was changed meanwhile
        (plan, problem) = (planned, error);
        StateHasChanged();
    }

    private async Task Start()
    {
        if (form.ToSubmission() is not ({ } submission, _)) return;
        isStarting = true;
        SubmissionResponse? submitted = null;
        await Ask(async client => submitted = await client.Submit(submission with { Command = "web pages" }, Left));
        isStarting = false;
        if (submitted is not null) Navigation.NavigateTo($"experiments/{Uri.EscapeDataString(submitted.Id)}");
        else (plan, problem, Error) = (null, Error, null);
    }

    private static string TimeText(PlannedExperiment plan) => plan switch
    {
        { NumCached: var cached, NumRuns: var all } when cached == all => "",
        { SecondsLeft: { } seconds } => $"Estimated time of training and prediction, one run after the other: {MetricText.Duration(seconds)}.",
        _ => "Its time is not known: some of these scenarios were never run here.",
    };
}
