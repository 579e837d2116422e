using Microsoft.AspNetCore.Mvc;
using TsVlm.Contracts.Http;
using TsVlm.Experiments.Grid;
using TsVlm.Scenarios.Experiments;

namespace TsVlm.Scenarios.Api;

/// <summary>What is in a data set: of the catalog by its name, or of the store by its name and content.</summary>
internal static class DatasetDetailEndpoints
{
    private const string DefaultPreset = "quick";

    public static void MapDatasetDetails(this WebApplication app)
    {
        var dataset = app.MapGroup("/datasets/{name}").WithTags("Datasets").WithMetadata(new UsesArtifacts());
        dataset.MapGet("/details", Show).WithMetadata(PageBounds.Plots).WithSummary("Show a data set")
            .WithDescription("Sizes, lengths, missing values and warnings of a data set, and its classes with their means in at most columns "
                + "columns of time. content names a data set of the store; without it, name is one of the catalog. channel is the first that "
                + "is shown.")
            .Produces<DatasetDetails>().ProducesProblem(400).ProducesProblem(404);
        dataset.MapGet("/series", Series).WithMetadata(PageBounds.Plots).WithSummary("Show series of a data set")
            .WithDescription("Series of a class, or the series of one case, each reduced to the lowest and highest value of at most columns "
                + "columns of time.")
            .Produces<Page<SeriesOutline>>().ProducesProblem(400).ProducesProblem(404);
        dataset.MapGet("/audit", Audit).WithSummary("Audit a data set")
            .WithDescription("The findings of tsvlm audit with the scenarios of a preset. It takes from seconds to minutes. Only tsvlm web "
                + "makes audits; a service answers 501.")
            .Produces<DatasetAuditResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(501);
    }

    private static async Task<DatasetDetails> Show(string name, string? content, int? offset, int? limit, int? columns, int? channel,
        OpenDatasets datasets, CancellationToken cancellationToken)
    {
        var (page, view) = (PageBounds.Plots.Of(offset, limit), View(columns, channel));
        return DatasetDescription.Of(await datasets.Open(name, content, cancellationToken), page, view);
    }

    private static async Task<Page<SeriesOutline>> Series(string name, string? content, [FromQuery(Name = "class")] string? label,
        [FromQuery(Name = "case")] int? number, int? offset, int? limit, int? columns, int? channel, OpenDatasets datasets,
        CancellationToken cancellationToken)
    {
        var (page, view) = (PageBounds.Plots.Of(offset, limit), View(columns, channel));
        var dataset = (await datasets.Open(name, content, cancellationToken)).Dataset;
        if (label is not null && !dataset.Classes.Contains(label))
            throw ApiProblem.NotFound("class", $"Expected a class of {name}, found '{Short(label)}'. GET /datasets/NAME/details lists them.");
        if (number is not null && (number < 0 || number >= dataset.Cases.Count))
            throw ApiProblem.NotFound("case", $"case: expected 0 to {dataset.Cases.Count - 1}, found {number}.");
        return DatasetDescription.Series(dataset, (at, found) => (number is null || at == number) && (label is null || found.Label == label),
            page, view);
    }

    private static async Task<DatasetAuditResponse> Audit(string name, string? content, string? scenarios, OpenDatasets datasets,
        IServiceProvider services, CancellationToken cancellationToken)
    {
        scenarios ??= DefaultPreset;
        if (!ScenarioPresets.Names.Contains(scenarios))
            throw ApiProblem.BadRequest($"scenarios: expected one of {string.Join(", ", ScenarioPresets.Names)}, found '{Short(scenarios)}'.");
        if (services.GetService<DatasetAudits>() is not { } audits)
            throw new ApiProblem(StatusCodes.Status501NotImplemented, "This service makes no audits.",
                $"Audits need a process with libtorch, found a service without. Run tsvlm audit --data DIR --datasets {name}.");
        return await audits.Of(await datasets.Open(name, content, cancellationToken), scenarios, cancellationToken);
    }

    private static SeriesView View(int? columns, int? channel)
    {
        if (columns is < 1 or > ApiBounds.MaxColumns)
            throw ApiProblem.BadRequest($"columns: expected 1 to {ApiBounds.MaxColumns}, found {columns}.");
        if (channel is < 0) throw ApiProblem.BadRequest($"channel: expected 0 or more, found {channel}.");
        return new(columns ?? ApiBounds.DefaultColumns, channel ?? 0, ApiBounds.MaxChannels);
    }

    private static string Short(string text) => text.Length > ApiBounds.MaxNameCharacters ? text[..ApiBounds.MaxNameCharacters] + "…" : text;
}
