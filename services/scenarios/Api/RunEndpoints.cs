using TsVlm.Artifacts;
using TsVlm.Contracts.Http;
using TsVlm.Representations.Samples;
using TsVlm.Scenarios.Events;
using TsVlm.Scenarios.Experiments;
using TsVlm.Scenarios.State;

namespace TsVlm.Scenarios.Api;

/// <summary>One run, and what its model is given of a test case.</summary>
internal static class RunEndpoints
{
    public static void MapRuns(this WebApplication app)
    {
        var run = app.MapGroup("/runs/{id}").WithTags("Results");
        run.MapGet("/", Show).WithSummary("Show a run").WithDescription("A run with its stages and every setting.")
            .Produces<RunResponse>().ProducesProblem(404);
        run.MapGet("/samples/{number}", Sample).WithMetadata(new UsesArtifacts()).WithSummary("Show a sample")
            .WithDescription("What the model of a run is given of a test case: its prompt, and its images as one PNG file in Base64.")
            .Produces<SampleResponse>().ProducesProblem(404);
    }

    private static async Task<RunResponse> Show(string id, RunQueries queries, ExperimentEvents events, CancellationToken cancellationToken) =>
        ExperimentEndpoints.Describe(
            await queries.Status(id, cancellationToken) ?? throw FileEndpoints.NoRun(id), events.Latest, withSpec: true);

    private static async Task<SampleResponse> Sample(string id, string number, RunQueries queries, IArtifactStore artifacts,
        PromptTokenCounter tokens, CancellationToken cancellationToken)
    {
        var key = await FileEndpoints.KeyOf(id, "samples", queries, cancellationToken);
        if (await artifacts.Find(key, cancellationToken) is null)
            throw ApiProblem.NotFound("artifact",
                $"{key}: expected an artifact that is in the store, found none. Its stage has not ended, or it was removed.");
        var folder = await artifacts.Fetch(key, cancellationToken);
        foreach (var sample in SampleShards.Read(folder, SplitNames.Test))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (FormattableString.Invariant($"{sample.Case}") != number) continue;
            var counted = tokens.Count(sample.Input, (await queries.Run(id, cancellationToken))!.FineTuned!.Model);
            return new(sample.Case, sample.Input.Prompt, sample.Answer, sample.Input.DownsamplingFactor, sample.Input.Image)
            {
                NumTextTokens = counted?.Text, NumImageTokens = counted?.Images,
            };
        }
        throw ApiProblem.NotFound("sample", $"Expected the number of a test case of the run, as predictions.csv has it, found '{number}'.");
    }
}
