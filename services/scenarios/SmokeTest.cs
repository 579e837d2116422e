using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;
using TsVlm.Data;
using TsVlm.Data.Canonical;
using TsVlm.Data.Generators;
using TsVlm.ServiceDefaults;

namespace TsVlm.Scenarios;

/// <summary>
/// The argument <c>smoke-test</c>: not the service but a client of it, which submits a tiny experiment by HTTP and waits for its report.
/// Its data set is drawn anew each time, so no stage finds its artifact in the store: all services and their servers have to work.
/// </summary>
internal sealed class SmokeTest(TsVlmClient server, TimeSpan limit, TextWriter output)
{
    /// <summary>The argument that asks for it.</summary>
    public const string Argument = "smoke-test";

    private const int MostSeconds = 24 * 60 * 60;
    private const int NumCases = 30;   // ten of each class for training, and as many for testing

    // Images and text, adapters only, one epoch: seconds of work. No baseline, which would count in the leaderboard over all experiments.
    private const string Grid = """
        {
          "name": "smoke-test",
          "description": "One epoch on few generated series: shows that an installation works, not what a model can do.",
          "defaults": {
            "representation": {
              "image": "zoom-mosaic", "contextLength": 192, "downsampling": "block-mean", "numbers": { "digits": 1 }, "answers": "index"
            },
            "recipe": { "trained": "lora", "epochs": 1, "microBatchSize": 3, "gradientAccumulation": 1, "learningRate": 1e-3 }
          },
          "scenarios": [{ "name": "smoke-test" }]
        }
        """;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private string? submitted;
    private ExperimentResponse? seen;

    /// <summary>Reads the environment and runs the test: 0, or 1 and one line on standard error that says what is wrong.</summary>
    public static async Task<int> Run()
    {
        try
        {
            var settings = new Settings(new ConfigurationBuilder().AddEnvironmentVariables().Build());
            const string addressKey = "SmokeTest__Server";
            const string expected = "the address of the scenarios service, such as http://tsvlm-scenarios";
            var found = settings.Require(addressKey, expected);
            if (!Uri.TryCreate(found, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                throw Settings.Wrong(addressKey, expected, found);
            // A service may have several keys while they are exchanged; any of them does.
            var key = settings.Find("Api__Key")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .FirstOrDefault();
            var limit = settings.Seconds("SmokeTest__TimeoutSeconds", TimeSpan.FromMinutes(15), 1, MostSeconds);
            using var server = new TsVlmClient(address, key, TimeProvider.System);
            await new SmokeTest(server, limit, Console.Out).RunToEnd();
            return 0;
        }
        catch (Exception error) when (error is IUserFacingError)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    private async Task RunToEnd()
    {
        var watch = Stopwatch.StartNew();
        using var patience = new CancellationTokenSource(limit);
        try
        {
            var id = submitted = await Submit(patience.Token);
            await Follow(id, patience.Token);
            await Check(id, patience.Token);
        }
        catch (OperationCanceledException)
        {
            if (submitted is not null) await Cancel(submitted);
            throw new ServerException(FormattableString.Invariant(
                $"{server.Shown}: expected the report of the smoke test within {limit.TotalSeconds:0} s, found {Open()}."));
        }
        output.WriteLine(FormattableString.Invariant($"The smoke test passed after {watch.Elapsed.TotalSeconds:0} s."));
    }

    private async Task<string> Submit(CancellationToken cancellationToken)
    {
        var seed = (int)(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() & int.MaxValue);
        var drawn = BuiltInDatasets.Generator("CBF").Generate(NumCases, NumCases, seed);
        var dataset = new Dataset(Argument, drawn.Classes, [.. drawn.Cases.Take(NumCases)], [.. drawn.Cases.Skip(NumCases)], []);
        using var content = new MemoryStream();
        DatasetFile.Write(dataset, content);
        var reference = await server.StoreDataset(() => new MemoryStream(content.ToArray()), cancellationToken);
        var (id, numRuns) = await server.Submit(new()
        {
            Grid = JsonNode.Parse(Grid)!,
            Datasets = [JsonSerializer.SerializeToNode(reference, ContractJson.Compact)!],
            Command = Argument,
        }, cancellationToken);
        output.WriteLine($"Experiment {id} at {server.Shown}: {numRuns} runs");
        return id;
    }

    /// <summary>Asks until the experiment has ended, and writes a line for each stage that has.</summary>
    private async Task Follow(string id, CancellationToken cancellationToken)
    {
        var ended = new HashSet<(string, Stage)>();
        while (seen is not { Status: ExperimentStatus.Ended })
        {
            await Task.Delay(Wait, cancellationToken);
            seen = await server.ShowExperiment(id, cancellationToken);
            foreach (var (run, stage) in seen.Runs.SelectMany(run => run.Stages.Select(stage => (run, stage))))
            {
                if (stage.Status is not (StageStatus.Waiting or StageStatus.Sent) && ended.Add((run.Id, stage.Stage)))
                    output.WriteLine($"{run.Scenario}: {Named(stage)} {Reason(stage.Reason)}".TrimEnd());
            }
        }
    }

    /// <exception cref="ServerException">A run failed, or the report did, or a result is missing.</exception>
    private async Task Check(string id, CancellationToken cancellationToken)
    {
        if (seen!.Runs.FirstOrDefault(run => !run.Succeeded) is { } bad)
        {
            var stage = bad.Stages.First(stage => stage.Status is not StageStatus.Done);
            throw new ServerException(
                $"Experiment {id}, run {bad.Id}: expected all stages done, found {Named(stage)}. {stage.Reason}".TrimEnd());
        }
        if (seen.Report is not StageStatus.Done)
            throw new ServerException($"Experiment {id}: expected a report, found that it failed. {seen.ReportReason}".TrimEnd());
        var results = await server.Results(id, cancellationToken).ToListAsync(cancellationToken);
        if (results.Count != seen.NumRuns.Total)
            throw new ServerException($"Experiment {id}: expected the results of {seen.NumRuns.Total} runs, found {results.Count}.");
        foreach (var result in results)
            output.WriteLine(FormattableString.Invariant($"{result.Run.ScenarioName}: accuracy {result.Accuracy:0.00}"));
    }

    /// <summary>What is left would keep workers busy that nobody waits for.</summary>
    private async Task Cancel(string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await server.Cancel(id, patience.Token);
        }
        catch (Exception error) when (error is ServerException or OperationCanceledException)
        {
            output.WriteLine($"Experiment {id} could not be cancelled and goes on.");
        }
    }

    private string Open()
    {
        if (seen is null)
        {
            return $"no answer {(submitted is null ? "to its submission" : "on how far it is")}. "
                + "Is the service ready (kubectl get pods), and does its log name the cause?";
        }
        var open = seen.Runs.SelectMany(run => run.Stages.Where(stage => stage.Status is StageStatus.Waiting or StageStatus.Sent).Take(1)
            .Select(stage => $"{run.Scenario}: {Named(stage)}{Reason(stage.Reason)}")).ToList();
        return open.Count == 0
            ? "its report unfinished. Has the evaluator a pod, and does its log name the cause?"
            : $"{string.Join("; ", open)}. Has the worker of that stage a pod, and does its log name the cause?";
    }

    private static string Named(StageState stage) => $"{stage.Stage} {stage.Status}".ToLowerInvariant();

    private static string Reason(string? reason) => reason is null ? "" : $" ({reason})";
}
