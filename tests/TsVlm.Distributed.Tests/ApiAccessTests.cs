using System.Net;
using System.Net.Http.Headers;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

public sealed class ApiAccessTests(Servers servers) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Every_path_but_health_asks_for_one_of_the_keys_and_large_or_bad_bodies_are_refused()
    {
        await using var service =
            await Start(("Api__Key", "old-key, new-key"), ("Api__MaxRequestKB", "2"), ("Api__MaxDatasetMB", "1"), ("ASPNETCORE_ENVIRONMENT",
                "Production"));
        var http = service.Http;
        foreach (var path in (string[])["/experiments", "/datasets", "/leaderboard", "/openapi/v1.json", "/nothing",
            "/health/../experiments", "/healthy"])
        {
            var (status, type, text) = await http.Get(path);
            Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (status, type));
            Assert.DoesNotContain("new-key", text);
        }
        Assert.Equal(HttpStatusCode.OK, await service.Health());
        Assert.Equal(HttpStatusCode.OK, await service.Health("/alive"));
        foreach (var (scheme, key, expected) in ((string, string, HttpStatusCode)[])[
            ("Bearer", "old-key", HttpStatusCode.OK), ("Bearer", "new-key", HttpStatusCode.OK), ("Bearer", "old-key,new-key",
            HttpStatusCode.Unauthorized),
            ("Bearer", "new-ke", HttpStatusCode.Unauthorized), ("Basic", "new-key", HttpStatusCode.Unauthorized)])
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, key);
            Assert.Equal(expected, (await http.Get("/experiments")).Status);
        }
        http.DefaultRequestHeaders.Authorization = null;
        http.DefaultRequestHeaders.Add("X-Api-Key", "new-key");

        Assert.Equal(HttpStatusCode.NotFound, (await http.Get("/nothing")).Status);
        foreach (var path in (string[])["/experiments", "/experiments/none"])
        {
            using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(answer.Headers.CacheControl?.NoStore);
            Assert.Empty(answer.Headers.Server);
        }
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.Post("/experiments", new string(' ', 3000))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.Upload(new byte[1_100_000])).Status);
        await Refused("""{ "grid": "quick", "colour": "red" }""", "colour");
        await Refused("""{ "grid": "/etc/passwd" }""",
            "expected a grid, or one of the presets quick, paper, ablation, images, probe, probe-views, probe-tuned, answer-fitted, study-epochs, study-arms, study-text, study-context, study-data, study-rationale, found '/etc/passwd'");
        await Refused("""{ "grid": "quick", "datasets": ["CBF"], "protocol": "none" }""", "expected protocol official or 80-10-10");
        await Refused("""{ "grid": "quick", "datasets": ["CBF"], "model": "../secret" }""", "Model '../secret'");
        await Refused("""{ "grid": "quick", "seeds": [] }""", "seeds: expected 1 to 1000 numbers, found 0");
        await Refused($$"""{ "grid": "quick", "seeds": [{{string.Join(',', Enumerable.Range(0, 300))}}], "resamples": [{{string.Join(',', Enumerable.Range(0, 10))}}] }""", "expected at most 10000 runs");
        await Refused("[", "expected");
        Assert.Equal(0, (int)(await http.Json("/experiments"))["total"]!);
        Assert.False(Directory.Exists(folder.File("artifacts/dataset")));

        async Task Refused(string body, string sentence)
        {
            var (status, problem, _) = await http.Post("/experiments", body, "one key for all that failed");
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains(sentence, $"{problem["detail"]}", StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Production")]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:0")]
    [InlineData("Kestrel__Endpoints__Http__Url", "http://0.0.0.0:0")]
    [InlineData("Api__Key", " , ")]
    public async Task Without_a_key_the_service_starts_on_a_loopback_address_in_development_only(string key, string value)
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__messaging"] = "amqp://u:p@127.0.0.1:1",
            ["ConnectionStrings__runs"] = $"Data Source={folder.File("runs.db")}",
            ["ConnectionStrings__blobs"] = $"folder:{folder.File("artifacts")}",
            [key] = value,
        };
        await using var service = ServiceProcess.Start("scenarios", settings);
        Assert.Equal(1, await service.Ended(TimeSpan.FromSeconds(30)));
        Assert.StartsWith("Api__Key: expected the key", service.Log);
    }

    public void Dispose() => folder.Dispose();

    private async Task<ServiceProcess> Start(params (string Key, string Value)[] settings)
    {
        var (messaging, runs, _) = await servers.CreatePlace();
        var all = new Dictionary<string, string>
        {
            ["ConnectionStrings__messaging"] = messaging,
            ["ConnectionStrings__runs"] = runs,
            ["ConnectionStrings__blobs"] = $"folder:{folder.File("artifacts")}",
        };
        foreach (var (key, value) in settings) all[key] = value;
        var service = ServiceProcess.Start("scenarios", all);
        await service.WaitReady();
        return service;
    }
}
