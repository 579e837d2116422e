using Microsoft.AspNetCore.Components;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Results;
using TsVlm.Pages;
using TsVlm.Pages.Comparison;
using TsVlm.Pages.Report;
using TsVlm.Web.Layout;
using TsVlm.Web.Runs;

namespace TsVlm.Web.Comparisons;

/// <summary>Classifiers of one or more experiments over data sets, as <c>tsvlm compare</c> compares those of folders.</summary>
public sealed partial class ComparePage : ServerPage
{
    private const int MaxListed = 50;
    private const string RunsName = "runs";
    private List<ExperimentOverview>? ended;
    private ComparedExperiments? compared;
    private string? fetched;
    private RankComparison? comparison;
    private ClassifierMarks? marks;
    private PairedTests? tests;
    private IReadOnlyList<string> settings = [];
    private SettingGroups? groups;
    private List<(string Label, IReadOnlyList<TrainingLogRow> Log)> logs = [];
    private string? drawn;
    private string? problem;
    private string? shown;
    private bool isTesting;

    /// <summary>The experiments that are compared, separated by commas.</summary>
    [SupplyParameterFromQuery(Name = "experiments")]
    public string? Experiments { get; set; }

    /// <summary>Name of the classifier that the others are compared with; null for the usual one.</summary>
    [SupplyParameterFromQuery(Name = "reference")]
    public string? Reference { get; set; }

    /// <summary>The setting by whose values runs are grouped; null for the first.</summary>
    [SupplyParameterFromQuery(Name = "by")]
    public string? By { get; set; }

    /// <summary>Runs whose losses are drawn, separated by commas.</summary>
    [SupplyParameterFromQuery(Name = RunsName)]
    public string? Runs { get; set; }

    private string[] Chosen => Experiments?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private string[] ChosenRuns => [.. (Runs?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? []).Distinct().Take(LossOverlay.MaxRuns)];

    private string Address => Navigation.ToBaseRelativePath(Navigation.Uri).Split('#')[0];

    private ReportHeading Heading => ComparisonFiles.Heading(Chosen, Navigation.Uri.Split('#')[0], Clock);

    /// <summary>Runs that have losses; a probe has none unless it was tuned.</summary>
    private List<RunSpec> Trained => [.. compared!.Results.Where(result => result.TrainSamplesPerSecond > 0).Select(result => result.Run)
        .Where(run => run.FineTuned is { Scenario.Recipe.Epochs: > 0 })];

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var wanted = $"{Experiments}\n{Reference}";
        if (wanted != shown)
        {
            shown = wanted;
            (comparison, marks, tests, problem) = (null, null, null, null);
            await Ask(async client =>
            {
                ended ??= [.. (await client.ListExperiments(Left, limit: MaxListed, ended: true)).Items];
                if (Chosen.Length > 0) await Compare(client, wanted);
            });
        }
        if (comparison is null) return;
        if (By is not null && !settings.Contains(By)) problem = $"by: expected one of {string.Join(", ", settings)}, found '{By}'.";
        else groups = settings.Count == 0 ? null : SettingGroups.Of(compared!.Results, By ?? settings[0]);
        if (drawn != $"{fetched}\n{Runs}") await DrawLosses();
        if (tests is null && !isTesting) await Test();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing) compared?.Dispose();
        base.Dispose(disposing);
    }

    private async Task Compare(TsVlmClient client, string wanted)
    {
        try
        {
            if (fetched != Experiments)
            {
                var found = await ComparedExperiments.Fetch(client, Chosen, Left);
                if (wanted != shown)
                {
                    found.Dispose();   // the user chose others meanwhile
                    return;
                }
                compared?.Dispose();
                (compared, fetched) = (found, Experiments);
                settings = SettingGroups.Differing(compared.Results);
            }
            comparison = compared!.Compare(Reference);
            marks = new(comparison);
        }
        catch (DataException error)
        {
            problem = error.Message;
        }
    }

    private async Task Test()
    {
        isTesting = true;
        RankComparison? by;
        do
        {
            by = comparison;   // the user may choose another reference meanwhile
            try
            {
                await Ask(async client =>
                {
                    var found = await compared!.Test(client, by!, Left);
                    if (by == comparison) tests = found;
                });
            }
            catch (DataException error)
            {
                problem = error.Message;
            }
        } while (by != comparison && comparison is not null && !Left.IsCancellationRequested);
        isTesting = false;
    }

    private async Task DrawLosses()
    {
        var wanted = drawn = $"{fetched}\n{Runs}";
        var found = new List<(string, IReadOnlyList<TrainingLogRow>)>();
        var known = Trained.Where(run => ChosenRuns.Contains(run.Id)).ToList();
        await Ask(async client =>
        {
            foreach (var run in known) found.Add((LabelOf(run), await RunDownload.Log(client, run.Id, Left)));
        });
        if (wanted == drawn) logs = found;
    }

    private void Choose(string id, bool isChosen) => Go(Query("experiments",
        Text(ended!.Select(experiment => experiment.Id).Where(known => known == id ? isChosen : Chosen.Contains(known)))));

    private void AddRun(ChangeEventArgs chosen)
    {
        if (chosen.Value is string { Length: > 0 } id) Go(Query(RunsName, Text(ChosenRuns.Append(id))));
    }

    private string NameOf(string id) => compared!.Results.Select(result => result.Run).FirstOrDefault(run => run.Id == id) is { } run ? LabelOf(run) : id;

    private static string LabelOf(RunSpec run) => $"{run.Dataset.Name} · {run.ScenarioName} · seed {run.Seed}"
        + (run.Split.Resample > 0 ? $" · resample {run.Split.Resample}" : "");

    private static string? Text(IEnumerable<string> ids) => string.Join(',', ids) is { Length: > 0 } text ? text : null;

    private string Query(string name, string? value) => Navigation.GetUriWithQueryParameter(name, value);

    private void Go(string address) => Navigation.NavigateTo(address);
}
