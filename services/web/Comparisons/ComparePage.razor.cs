using Microsoft.AspNetCore.Components;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Evaluation.Comparison;
using TsVlm.Evaluation.Results;
using TsVlm.Pages;
using TsVlm.Pages.Comparison;
using TsVlm.Web.Layout;

namespace TsVlm.Web.Comparisons;

/// <summary>Classifiers of one or more experiments over data sets, as <c>tsvlm compare</c> compares those of folders.</summary>
public sealed partial class ComparePage : ServerPage
{
    private const int MaxListed = 50;
    private List<ExperimentOverview>? ended;
    private RankComparison? comparison;
    private ClassifierMarks? marks;
    private string? problem;
    private string? shown;

    /// <summary>The experiments that are compared, separated by commas.</summary>
    [SupplyParameterFromQuery(Name = "experiments")]
    public string? Experiments { get; set; }

    /// <summary>Name of the classifier that the others are compared with; null for the usual one.</summary>
    [SupplyParameterFromQuery(Name = "reference")]
    public string? Reference { get; set; }

    private string[] Chosen => Experiments?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private string Address => Navigation.ToBaseRelativePath(Navigation.Uri).Split('#')[0];

    private ReportHeading Heading => new("Comparison", Clock.GetUtcNow(), Navigation.Uri.Split('#')[0], RunCard.ThisCode);

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var wanted = $"{Experiments} {Reference}";
        if (wanted == shown) return;
        shown = wanted;
        (comparison, marks, problem) = (null, null, null);
        await Ask(async client =>
        {
            ended ??= [.. (await client.ListExperiments(Left, limit: MaxListed, ended: true)).Items];
            if (Chosen.Length > 0) await Compare(client);
        });
    }

    private async Task Compare(TsVlmClient client)
    {
        var rows = new List<ResultRow>();
        foreach (var id in Chosen) rows.AddRange(await Rows(client, id));
        try
        {
            // A run that two experiments share is one run.
            var table = ScoreTable.Of([.. rows.DistinctBy(row => (row.Dataset, row.Protocol, row.Resample, row.Seed, row.Scenario, row.Model))], [],
                new ComparisonChoice(), new Dictionary<string, DatasetFacts>());
            comparison = RankComparison.Of(table, Reference);
            marks = new(comparison);
        }
        catch (DataException error)
        {
            problem = error.Message;
        }
    }

    private async Task<IReadOnlyList<ResultRow>> Rows(TsVlmClient client, string id)
    {
        var folder = Directory.CreateTempSubdirectory("tsvlm-web-");
        try
        {
            var path = Path.Combine(folder.FullName, ArtifactFiles.Results);
            await using (var content = await client.OpenResultsCsv(id, Left, raw: true))
            {
                await using var file = File.Create(path);
                await content.CopyToAsync(file, Left);
            }
            return ResultRow.Read(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private void Choose(string id, bool isChosen) =>
        Go([.. ended!.Select(experiment => experiment.Id).Where(known => known == id ? isChosen : Chosen.Contains(known))], Reference);

    private void Go(string[] experiments, string? reference) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters("compare",
        new Dictionary<string, object?>
        {
            ["experiments"] = experiments.Length > 0 ? string.Join(',', experiments) : null,
            ["reference"] = reference,
        }));
}
