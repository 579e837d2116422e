using System.Net;
using System.Text;

namespace TsVlm.Distributed.Tests;

/// <summary>The life of an experiment by the API, over four services.</summary>
public sealed class ApiExperimentTests(Servers servers)
{
    private static readonly string[] Workers = ["datagen", "trainer", "evaluator"];

    [Fact]
    public async Task An_experiment_is_submitted_once_followed_at_any_replica_and_read_in_every_form()
    {
        await using var system = await DistributedSystem.Start(servers, Workers);
        var http = system.Scenarios.Http;
        var body = $$"""{ "grid": {{Grids.Of("api", 0.5, Grids.Scenario("a"), Grids.Scenario("b", ", \"recipe\": { \"learningRate\": 2e-3 }"))}}, "datasets": ["CBF"] }""";
        var submitted = await http.Post("/experiments", body, "first");
        Assert.Equal(HttpStatusCode.Created, submitted.Status);
        var id = (string)submitted.Body["id"]!;
        Assert.Equal($"/experiments/{id}", $"{submitted.Headers.Location}");
        var again = await http.Post("/experiments", body, "first");
        Assert.Equal((HttpStatusCode.Created, submitted.Body.ToJsonString()), (again.Status, again.Body.ToJsonString()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity,
            (await http.Post("/experiments", body.Replace("CBF", "TwoPatterns", StringComparison.Ordinal), "first")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await http.Get($"/experiments/{id}/report")).Status);

        var replica = system.Launch("scenarios");
        await replica.WaitReady();
        Assert.Equal("run-ended", (await http.Events(id, until: "run-ended"))[^1].Type);   // breaks off there
        var events = await replica.Http.Events(id);   // reconnects elsewhere
        Assert.Contains(events, e => e.Type == "progress" && (string)e.Data["runId"]! == (string)e.Data["progress"]!["runId"]!);
        var told = events.Where(e => e.Type is "stage-ended")
            .Select(e => $"{e.Data["runId"]} {e.Data["stage"]!["stage"]} {e.Data["stage"]!["status"]}").ToList();
        Assert.Equal(1 + 3 + 3, told.Count);
        Assert.Equal(told.Count, told.Distinct().Count());
        Assert.All(told, line => Assert.EndsWith(" done", line));
        Assert.Equal(3, events.Count(e => e.Type is "run-ended"));
        Assert.Equal((3, "done"), ((int)events[^1].Data["numRuns"]!["succeeded"]!, (string)events[^1].Data["report"]!));
        using var over = new HttpRequestMessage(HttpMethod.Get,
            $"/experiments/{id}/events") { Headers = { { "Last-Event-ID", events[^1].Id } } };
        using var nothing = await http.SendAsync(over, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, nothing.StatusCode);
        Assert.Equal(7, (await http.Events(id, "3.garbage")).Count(e => e.Type is "stage-ended"));

        await ReadFigures(http, id);
        await ReadFiles(http, id);
        await LeadNowhere(http, id);
    }

    [Fact]
    public async Task A_cancelled_experiment_ends_and_runs_again_when_asked_to()
    {
        await using var system = await DistributedSystem.Start(servers, "datagen", "evaluator");
        var http = system.Scenarios.Http;
        var id = await system.Submit(Grids.Of("revived", 0.1, Grids.Scenario("a")));
        await Wait.Until(async () => DistributedSystem.StagesOf(await system.Show(id), "training")
            .Any(s => (string)s["status"]! == "sent"), () => system.Scenarios.Log);
        Assert.Equal(1, (int)(await http.Post($"/experiments/{id}/cancel", "")).Body["numRuns"]!["cancelled"]!);
        var ended = (await http.Events(id))[^1];
        Assert.Equal(1, (int)ended.Data["numRuns"]!["cancelled"]!);
        Assert.Equal(1, (int)(await http.Post($"/experiments/{id}/retry", "")).Body["numRetried"]!);
        system.Launch("trainer");
        var events = await http.Events(id, ended.Id);
        Assert.Equal(2, (int)events[^1].Data["numRuns"]!["succeeded"]!);
        Assert.Contains(events, e => e.Type == "stage-ended" && (string)e.Data["stage"]!["stage"]! == "training");
        Assert.Equal(0, (int)(await http.Post($"/experiments/{id}/retry", "")).Body["numRetried"]!);
    }

    [Fact]
    public async Task A_data_set_is_uploaded_and_used_by_its_reference_and_a_bad_one_leaves_nothing()
    {
        await using var system = await DistributedSystem.Start(servers, Workers);
        var http = system.Scenarios.Http;
        Assert.Contains((await http.Json("/datasets"))["items"]!.AsArray(), set => (string)set!["name"]! == "CBF"
            && (int)set["numTrain"]! > 0);
        var file = ApiCalls.Dataset("Levels");
        var (status, reference) = await http.Upload(file);
        Assert.True(status == HttpStatusCode.Created, reference.ToJsonString());
        Assert.Equal(reference.ToJsonString(), (await http.Upload(file)).Body.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, (await http.Get($"/datasets/{reference["contentHash"]}")).Status);

        var numStored = Directory.GetDirectories(system.Artifacts).Length;
        foreach (var (bad, sentence) in ((byte[], string)[])[
            (file[..^1], "truncated"), ([.. file, 0], "expected the end"), (Encoding.ASCII.GetBytes("GIF89a, and more than that"),
            "canonical form"), (ApiCalls.Dataset(""), "a name of 1 to 200"), (ApiCalls.Dataset("Empty", numCases: 0), "at least one training case"),
            (ApiCalls.Dataset("Infinite", value: double.PositiveInfinity), "expected a finite number in case 1, channel 0 at time step 0")])
        {
            var (refused, problem) = await http.Upload(bad);
            Assert.Equal(HttpStatusCode.BadRequest, refused);
            Assert.Contains(sentence, (string)problem["detail"]!);
        }
        Assert.Equal(numStored, Directory.GetDirectories(system.Artifacts).Length);

        string Body(string datasets) =>
            $$"""{ "grid": { "name": "levels", "baselines": ["1nn-ed"], "defaults": { "representation": { "arm": "text" }, "recipe": { "epochs": 0.1 } } }, "datasets": [{{datasets}}] }""";
        var strange = reference.DeepClone();
        strange["name"] = "Other";
        foreach (var datasets in (string[])[
            strange.ToJsonString(), """{ "name": "x", "contentHash": "../../../etc" }""",
            $$"""{ "name": "x", "contentHash": "{{new string('0', 64)}}" }""", "7", "\"../CBF\""])
            Assert.Equal(HttpStatusCode.BadRequest, (await http.Post("/experiments", Body(datasets))).Status);
        var id = (string)(await http.Post("/experiments", Body(reference.ToJsonString()))).Body["id"]!;
        var succeeded = (int)(await http.Events(id))[^1].Data["numRuns"]!["succeeded"]!;
        Assert.True(succeeded == 2, system.Logs);
        Assert.Equal(1.0, (double)(await http.Json($"/experiments/{id}/results"))["items"]![0]!["accuracy"]!);
    }

    private static async Task ReadFigures(HttpClient http, string id)
    {
        var shown = await http.Json($"/experiments/{id}?offset=1&limit=1");
        Assert.Equal((3, true, "a"), ((int)shown["numRuns"]!["total"]!, (bool)shown["ended"]!,
            (string)Assert.Single(shown["runs"]!.AsArray())!["scenario"]!));
        var list = await http.Json("/experiments?limit=1");
        Assert.Equal((1, id), ((int)list["total"]!, (string)list["items"]![0]!["id"]!));
        Assert.Equal(HttpStatusCode.BadRequest, (await http.Get("/experiments?limit=0")).Status);

        var results = (await http.Json($"/experiments/{id}/results"))["items"]!.AsArray();
        Assert.Equal(3, results.Count);
        var csv = await http.Get($"/experiments/{id}/results", "text/csv");
        Assert.Equal((HttpStatusCode.OK, "text/csv"), (csv.Status, csv.Type));
        Assert.Equal(csv.Text, (await http.Get($"/experiments/{id}/results.csv")).Text);
        Assert.Equal(4, csv.Text.TrimEnd().Split('\n').Length);
        var board = await http.Json($"/experiments/{id}/leaderboard");
        var best = results.Max(result => (double)result!["accuracy"]!);
        Assert.Equal(best, (double)board["entries"]![0]!["meanAccuracy"]!, 12);
        Assert.Equal(board.ToJsonString(), (await http.Json("/leaderboard")).ToJsonString());
        Assert.Equal("text/html", (await http.Get($"/experiments/{id}/report")).Type);
    }

    private static async Task ReadFiles(HttpClient http, string id)
    {
        var run = (string)(await http.Json($"/experiments/{id}"))["runs"]![1]!["id"]!;
        var files = (await http.Json($"/experiments/{id}/files"))["items"]!.AsArray();
        var predictions = files.Select(file => (string)file!["name"]!).Single(name => name == $"runs/{run}/predictions.csv");
        Assert.Equal((await http.Get($"/experiments/{id}/files/{predictions}")).Text,
            (await http.Get($"/runs/{run}/artifacts/evaluation/predictions.csv")).Text);
        Assert.StartsWith("step,", (await http.Get($"/runs/{run}/artifacts/checkpoint/training.csv")).Text);
        Assert.Contains((await http.Json($"/runs/{run}/artifacts/checkpoint"))["items"]!.AsArray(),
            file => ((string)file!["name"]!).StartsWith("model/", StringComparison.Ordinal));
        Assert.Contains("openapi", (await http.Get("/openapi/v1.json")).Text);
    }

    /// <summary>No name of a request leaves the folder of its artifact.</summary>
    private static async Task LeadNowhere(HttpClient http, string id)
    {
        var run = (string)(await http.Json($"/experiments/{id}"))["runs"]![1]!["id"]!;
        string[] names = ["../manifest.json", "%2e%2e/manifest.json", "..%2fmanifest.json", "%2e%2e%2fmanifest.json", "/etc/passwd",
            "%2fetc%2fpasswd", "//etc/passwd", "%00", "result.json%00.csv",
            "..%5cmanifest.json", "manifest.json", "./../../../../../../etc/passwd", "%252e%252e/manifest.json"];
        foreach (var path in names.SelectMany(
            name => (string[])[$"/experiments/{id}/files/{name}", $"/runs/{run}/artifacts/evaluation/{name}",
                $"/runs/{run}/artifacts/{name}"])
            .Concat(names.Select(name => $"/runs/{name}/artifacts/evaluation/result.json")))
        {
            var (status, text) = await http.Raw(path);
            Assert.True(status is 400 or 404, $"{path}: {text}");
            Assert.DoesNotContain("root:", text);
            Assert.DoesNotContain("\"attempt\"", text);
        }
        Assert.Equal(200, (await http.Raw($"/runs/{run}/artifacts/evaluation/result.json")).Status);
    }
}
