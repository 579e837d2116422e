using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using TsVlm.Client;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;

namespace TsVlm.Distributed.Tests;

/// <summary>The typed client against the OpenAPI document of a running service, and against the service itself.</summary>
public sealed class ApiClientTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_has_every_operation_of_the_document_and_reads_every_member_of_its_answers()
    {
        await using var system = await DistributedSystem.Start(servers);
        var document = await system.Scenarios.Http.Json("/openapi/v1.json");
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Select(operation => (Method: operation.Key.ToUpperInvariant(), Path: path.Key, Operation: operation.Value!))).ToList();
        Assert.Equal(described.Select(d => $"{d.Method} {d.Path}").Order(), ApiOperations.All.Select(o => $"{o.Method} {o.Path}").Order());
        foreach (var operation in ApiOperations.All.Where(operation => operation.Answer is not null))
        {
            var answers = described.Single(d => (d.Method, d.Path) == (operation.Method.Method, operation.Path)).Operation["responses"]!;
            var schema = (answers["200"] ?? answers["201"])!["content"]!["application/json"]!["schema"]!;
            var known = ContractJson.Compact.GetJsonSchemaAsNode(operation.Answer!);
            Assert.NotEmpty(Members(known, known, ""));
            Assert.Equal(Members(schema, document, ""), Members(known, known, ""));
        }
        Assert.All(described, d => Assert.Equal(["401", "429", "503"],
            d.Operation["responses"]!.AsObject().Select(r => r.Key).Intersect(["401", "429", "503"]).Order()));
        Assert.Contains("10000 runs per experiment", (string)document["info"]!["description"]!);
        var body = document["components"]!["schemas"]!["ExperimentSubmission"]!["properties"]!;
        Assert.Equal(2000, (int)body["command"]!["maxLength"]!);
        Assert.Equal(1000, (int)body["datasets"]!["maxItems"]!);
        Assert.Equal(250, (int)body["grid"]!["anyOf"]![1]!["properties"]!["name"]!["maxLength"]!);
        var limit = described.Single(d => d is { Method: "GET", Path: "/experiments" }).Operation["parameters"]!.AsArray()
            .Single(p => (string)p!["name"]! == "limit")!;
        Assert.Equal(200, (int)limit["schema"]!["maximum"]!);
    }

    [Fact]
    public async Task Every_call_of_the_client_is_answered()
    {
        await using var system = await DistributedSystem.Start(servers, "datagen", "evaluator");
        using var client = new TsVlmClient(system.Scenarios.Http.BaseAddress!, null, TimeProvider.System);
        Assert.Contains((await client.ListDatasets(Stop)).Items, set => set.Name == "CBF");
        Assert.Null(await client.FindDataset(new string('0', 64), Stop));
        var reference = await client.StoreDataset(() => new MemoryStream(ApiCalls.Dataset("=Levels")), Stop);
        Assert.NotNull(await client.FindDataset(reference.ContentHash, Stop));
        Assert.Equal("=Levels", (await client.ShowDataset("=Levels", reference.ContentHash, Stop)).Name);
        Assert.NotEmpty((await client.ShowSeries("CBF", null, Stop, label: "bell", limit: 1)).Items);
        var refused = await Assert.ThrowsAsync<ServerException>(() => client.AuditDataset("CBF", null, "quick", Stop));
        Assert.Equal(System.Net.HttpStatusCode.NotImplemented, refused.Status);   // the service has no libtorch
        Assert.Contains("tsvlm audit --data DIR --datasets CBF", refused.Message);
        await using (var schema = await client.OpenGridSchema(Stop)) Assert.NotNull((await JsonNode.ParseAsync(schema, cancellationToken: Stop))!["properties"]);
        Assert.Contains((await client.ListPresets(Stop)).Items, preset => preset.Name == "quick");
        ExperimentSubmission submission = new()
        {
            Grid = JsonNode.Parse("""
                {
                  "name": "client", "baselines": ["1nn-ed", "1nn-dtw"],
                  "scenarios": [{ "name": "left", "recipe": { "epochs": 0.1 }, "representation": { "arm": "text" } }]
                }
                """)!,
            Datasets = [JsonSerializer.SerializeToNode(reference, ContractJson.Compact)!],
        };
        var plan = await client.Plan(submission, Stop);
        Assert.Equal((3, 0), (plan.NumRuns, plan.NumCached));
        var submitted = await client.Submit(submission, Stop);
        Assert.Equal(plan.Id, submitted.Id);
        Assert.Equal(3, submitted.NumRuns);
        Assert.Equal(submitted.Id, (await client.ListExperiments(Stop)).Items[0].Id);
        Assert.Equal(submitted.Id, Assert.Single((await client.ListExperiments(Stop, search: "CLIENT", ended: false)).Items).Id);
        await Wait.Until(async () =>
        {
            var seen = await client.ShowExperiment(submitted.Id, Stop);
            // The samples of the third run are looked at below.
            return seen.NumRuns.Succeeded == 2 && seen.Runs.Single(run => run.Scenario == "left").Stages[0].Status is StageStatus.Done;
        }, () => system.Logs);
        Assert.Equal(new(1, null), await client.TimeLeft(submitted.Id, Stop));   // its scenario was never run to its end
        Assert.Equal(1, (await client.Cancel(submitted.Id, Stop)).NumRuns.Cancelled);   // no trainer is there
        var events = new List<string>();
        await foreach (var item in client.Follow(submitted.Id, Stop)) events.Add(item.EventType);
        Assert.Equal("experiment-ended", events[^1]);
        var shown = await client.ShowExperiment(submitted.Id, Stop, specs: true);
        Assert.NotNull(shown.Runs[0].Run);
        var text = shown.Runs.Single(run => run.Scenario == "left").Id;
        Assert.Equal("left", (await client.ShowRun(text, Stop)).Run!.ScenarioName);
        await foreach (var file in client.RunFiles(text, "samples", Stop)) Assert.True(file.Bytes > 0);
        Assert.Equal(2, await client.Results(submitted.Id, Stop).CountAsync(Stop));
        Assert.Equal(2, (await client.Leaderboard(submitted.Id, Stop)).Entries.Count);
        Assert.Equal(2, (await client.Leaderboard(null, Stop, limit: 2)).Entries.Count);
        using var csv = new StreamReader(await client.OpenResultsCsv(submitted.Id, Stop));
        var escaped = await csv.ReadToEndAsync(Stop);
        Assert.Equal(3, escaped.TrimEnd().Split('\n').Length);
        Assert.Contains("\"'=Levels\"", escaped);
        using var raw = new StreamReader(await client.OpenResultsCsv(submitted.Id, Stop, raw: true));
        Assert.StartsWith("=Levels,", (await raw.ReadToEndAsync(Stop)).Split('\n')[1]);
        using var report = new StreamReader(await client.OpenReport(submitted.Id, Stop));
        var page = await report.ReadToEndAsync(Stop);
        Assert.Contains("<html", page);
        await foreach (var file in client.ReportFiles(submitted.Id, Stop))
        {
            using var content = new MemoryStream();
            await (await client.OpenReportFile(submitted.Id, file.Name, Stop)).CopyToAsync(content, Stop);
            Assert.Equal(file.Bytes, content.Length);
        }
        var files = await client.RunFiles(shown.Runs[0].Id, "evaluation", Stop).ToListAsync(Stop);
        await using var predictions = await client.OpenRunFile(shown.Runs[0].Id, "evaluation", files[0].Name, Stop);
        Assert.Equal(1, (await client.Retry(submitted.Id, Stop)).NumRetried);
        var error = await Assert.ThrowsAsync<ServerException>(() => client.Retry("none", Stop));
        Assert.Contains("Expected the id of an experiment, found 'none'", error.Message);
    }

    /// <summary>Names of the members of a schema, and of what they hold, with their places; a type that holds itself is followed once.</summary>
    private static IReadOnlyList<string> Members(JsonNode? schema, JsonNode root, string place)
    {
        while (schema?["$ref"] is { } reference)
        {
            schema = root;
            foreach (var part in ((string)reference!).Split('/').Skip(1)) schema = schema is JsonArray list ? list[int.Parse(part)] : schema![part];
        }
        if (schema is not JsonObject || place.Split('.').Length > 8) return [];
        if (((schema["anyOf"] ?? schema["oneOf"]) as JsonArray)?.FirstOrDefault(one => (string?)(one!["type"] as JsonValue) != "null") is { } some)
            return Members(some, root, place);
        if (schema["items"] is { } items) return Members(items, root, place + "[]");
        if (schema["properties"] is not JsonObject properties) return [];
        return [.. properties.SelectMany(p => Members(p.Value, root, $"{place}.{p.Key}").Prepend($"{place}.{p.Key}")).Order(StringComparer.Ordinal)];
    }
}
