using System.Text.Json.Nodes;

namespace TsVlm.Chaos.Api;

/// <summary>A client that asks as people and programs do: one request at a time, and a pause after each.</summary>
internal sealed class ApiClient(int number, ThinkTime think, ApiCaller caller, KnownExperiments known)
{
    private readonly Random random = new(number);
    private (string Key, string Body)? lastWithKey;
    private int numSubmitted;

    /// <summary>Asks until the end; a request under way is still answered.</summary>
    public async Task Run(CancellationToken end)
    {
        // Clients do not begin at the same moment.
        await think.Begin(random, end);
        while (!end.IsCancellationRequested)
        {
            await Ask(RequestKinds.At(random.Next(100)));
            await think.Pause(random, end);
        }
    }

    private Task Ask(string kind)
    {
        var finished = known.Finished(random);
        var any = (random.Next(2) == 0 ? known.Submitted(random) : null) ?? finished.Id;
        return kind switch
        {
            RequestKinds.List => caller.Get(kind, $"/experiments?offset={50 * random.Next(3)}&limit=50"),
            RequestKinds.Experiment => caller.Get(kind, $"/experiments/{any}"),
            RequestKinds.Results => caller.Get(kind, $"/experiments/{finished.Id}/results"),
            RequestKinds.Leaderboard => caller.Get(kind, $"/experiments/{finished.Id}/leaderboard"),
            RequestKinds.Datasets => caller.Get(kind, "/datasets"),
            RequestKinds.FileOf => caller.Get(kind, FileOf(finished)),
            RequestKinds.Cancel => caller.Post(kind, $"/experiments/{known.Submitted(random) ?? finished.Id}/cancel"),
            RequestKinds.Retry => caller.Post(kind, $"/experiments/{known.Submitted(random) ?? finished.Id}/retry"),
            _ => Submit(kind),
        };
    }

    private string FileOf(FinishedExperiment finished) => random.Next(4) switch
    {
        0 => $"/experiments/{finished.Id}/results.csv",
        1 => $"/experiments/{finished.Id}/report",
        2 => $"/experiments/{finished.Id}/files/{finished.Files[random.Next(finished.Files.Count)]}",
        _ => $"/runs/{Uri.EscapeDataString(finished.Runs[random.Next(finished.Runs.Count)])}/artifacts/evaluation/predictions.csv",
    };

    /// <summary>Two scenarios of its own and a baseline that is there already.</summary>
    private async Task Submit(string kind)
    {
        var name = $"client{number}-{++numSubmitted}";
        var grid = Grids.Of(name, 2, 0.1, "\"1nn-ed\"");
        var (key, body) = (kind, lastWithKey) switch
        {
            (RequestKinds.SubmitAgain, { } last) => last,
            (RequestKinds.SubmitWithKey or RequestKinds.SubmitAgain, _) => (name, BodyOf(grid)),
            (RequestKinds.SubmitInvalid, _) => (null, BodyOf(grid, """["many"]""")),
            _ => (null, BodyOf(grid)),
        };
        if (kind is RequestKinds.SubmitAgain && lastWithKey is null) kind = RequestKinds.SubmitWithKey;
        var (status, text) = await caller.Post(kind, "/experiments", body, key);
        if (status is < 200 or >= 300) return;
        if (key is not null) lastWithKey = (key, body);
        if (kind is not RequestKinds.SubmitAgain) known.Add((string)JsonNode.Parse(text)!["id"]!);
    }

    private static string BodyOf(string grid, string seeds = "[0]") => $$"""{ "grid": {{grid}}, "datasets": ["CBF"], "seeds": {{seeds}} }""";
}
