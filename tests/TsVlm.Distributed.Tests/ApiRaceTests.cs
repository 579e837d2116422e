using System.Net;

namespace TsVlm.Distributed.Tests;

/// <summary>Requests that come faster than what they cause.</summary>
public sealed class ApiRaceTests(Servers servers)
{
    private const int NumExperiments = 24;

    [Fact]
    public async Task Reports_are_of_the_runs_as_they_ended_however_quickly_an_experiment_is_cancelled_and_revived()
    {
        await using var system = await DistributedSystem.Start(servers, "datagen", "trainer", "evaluator");
        var http = system.Scenarios.Http;
        var replica = system.Launch("scenarios");
        await replica.WaitReady();
        var random = new Random(24);
        var ids = await Task.WhenAll(Enumerable.Range(0, NumExperiments).Select(async i =>
        {
            // Neighbours share a run.
            var (_, body, _) = await http.Post("/experiments",
                $$"""{ "grid": {{Grids.Of("race", 0.01, Grids.Scenario("a"))}}, "datasets": ["CBF"], "resamples": [{{i / 2}}, {{i / 2 + 1}}] }""");
            var id = (string)body["id"]!;
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                await Task.Delay(random.Next(20), TestContext.Current.CancellationToken);
                await (n % 2 == 0 ? http : replica.Http).Post($"/experiments/{id}/cancel", "");
                await Task.Delay(random.Next(20), TestContext.Current.CancellationToken);
                await (n % 2 == 0 ? replica.Http : http).Post($"/experiments/{id}/retry", "");
            }
            return id;
        }));
        foreach (var id in ids)
        {
            var state = await system.Finish(id);
            Assert.Equal(("done", "ended"), ((string)state["report"]!, (string)state["status"]!));
            Assert.Equal((4, 4), ((int)state["numRuns"]!["succeeded"]!, (int)state["numRuns"]!["total"]!));
            Assert.Equal(4, (await http.Get($"/experiments/{id}/results.csv")).Text.TrimEnd().Split('\n').Length - 1);
        }
    }

    [Fact]
    public async Task Experiments_that_share_runs_and_are_both_cancelled_end()
    {
        await using var system = await DistributedSystem.Start(servers);
        var http = system.Scenarios.Http;
        async Task<string> Submit(string seeds) => (string)(await http.Post("/experiments",
            $$"""{ "grid": {{Grids.Of("shared", 0.1, Grids.Scenario("a"))}}, "datasets": ["CBF"], "seeds": [{{seeds}}] }""")).Body["id"]!;
        var (first, second) = (await Submit("0,1"), await Submit("1,2"));
        var (status, answer, _) = await http.Post($"/experiments/{first}/cancel", "");
        Assert.Equal((HttpStatusCode.OK, 2), (status, (int)answer["numRuns"]!["cancelled"]!));   // the second wants the third
        Assert.Equal("cancelling", (string)(await system.Show(first))["status"]!);
        Assert.Equal(3, (int)(await http.Post($"/experiments/{second}/cancel", "")).Body["numRuns"]!["cancelled"]!);
        Assert.True((bool)(await system.Show(first))["ended"]! && (bool)(await system.Show(second))["ended"]!);
    }

    [Fact]
    public async Task Many_runs_are_cancelled_while_they_are_sent_and_by_the_next_process_if_one_ends()
    {
        await using var system = await DistributedSystem.Start(servers);
        var http = system.Scenarios.Http;
        async Task<string> Submit(int resamples) => (string)(await http.Post("/experiments",
            $$"""{ "grid": { "name": "many", "baselines": ["1nn-ed"] }, "datasets": ["CBF"], "resamples": [{{string.Join(',', Enumerable.Range(resamples, 1000))}}], "seeds": [0,1,2,3,4] }""")).Body["id"]!;
        var id = await Submit(0);
        var answer = await http.Post($"/experiments/{id}/cancel", "");
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Accepted, answer.Body.ToJsonString());
        await Wait.Until(async () => await NumOpen(id) == 0, () => system.Logs, 30);

        id = await Submit(1000);
        var (asking, killing) = (http.Post($"/experiments/{id}/cancel", ""), Task.Delay(60, TestContext.Current.CancellationToken));
        await killing;
        await system.Scenarios.Kill();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => asking);
        var next = system.Launch("scenarios");
        await next.WaitReady();
        await Wait.Until(async () => await NumOpen(id, next.Http) is 0 or null, () => system.Logs, 30);

        async Task<int?> NumOpen(string experiment, HttpClient? at = null)
        {
            var counts = (await (at ?? http).Json($"/experiments/{experiment}?limit=1"))["numRuns"]!;
            return (int)counts["total"]! - (int)counts["succeeded"]! - (int)counts["failed"]! - (int)counts["cancelled"]!;
        }
    }
}
