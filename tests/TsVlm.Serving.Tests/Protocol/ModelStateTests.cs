using System.Net;

namespace TsVlm.Serving.Tests.Protocol;

/// <summary>Health, metadata, versions, loading and unloading, and the end.</summary>
public class ModelStateTests(TrainedModels models)
{
    [Fact]
    public async Task A_server_is_live_at_once_and_ready_when_its_models_are_loaded()
    {
        await using var serving = await TestServing.StartUnloaded(new() { MaxBatch = 1 }, ("words", models.Answers));
        Assert.Equal(200, (await serving.Get("/v2/health/live")).Status);
        Assert.Equal(503, (await serving.Get("/v2/health/ready")).Status);
        Assert.Equal(503, (await serving.Get("/v2/models/words/ready")).Status);
        Assert.Equal(503, (await serving.Post("/classify/words", "{}")).Status);
        await serving.Models.LoadAll(TestContext.Current.CancellationToken);
        Assert.Equal((200, true), (await serving.Get("/v2/health/ready")) is var (status, ready) ? (status, (bool)ready["ready"]!) : default);
        Assert.Equal(200, (await serving.Get("/v2/models/words/ready")).Status);
    }

    [Fact]
    public async Task Metadata_names_tensors_with_free_sizes_and_the_versions()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("a", models.Answers), ("b", models.Channels), ("a", models.Answers));
        var (_, server) = await serving.Get("/v2");
        Assert.Equal(("tsvlm", "1.2.3"), ((string)server["name"]!, (string)server["version"]!));
        var (_, model) = await serving.Get("/v2/models/b");
        Assert.Equal("""{"name":"series","datatype":"FP64","shape":[-1,3,-1]}""", model["inputs"]![0]!.ToJsonString());
        Assert.Equal("""{"name":"probabilities","datatype":"FP64","shape":[-1,3]}""", model["outputs"]![1]!.ToJsonString());
        Assert.Equal(["1", "2"], (await serving.Get("/v2/models/a")).Json["versions"]!.AsArray().Select(version => (string)version!));
        Assert.Equal("1", (string)(await serving.Post("/classify/a/versions/1", """{"series": [[[1, 2]]]}""")).Json["version"]!);
        Assert.Equal("2", (string)(await serving.Post("/classify/a", """{"series": [[[1, 2]]]}""")).Json["version"]!);
    }

    [Fact]
    public async Task An_unloaded_model_is_not_there_until_it_is_loaded_again()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("words", models.Answers));
        var before = Requests.Answers((await serving.Post("/classify/words", """{"series": [[[1, 2]]]}""")).Json);
        Assert.Equal(200, (await serving.Post("/v2/repository/models/words/unload", "")).Status);
        Assert.Equal(404, (await serving.Post("/classify/words", """{"series": [[[1, 2]]]}""")).Status);
        Assert.Equal("UNAVAILABLE", (string)(await serving.Post("/v2/repository/index", "")).Json[0]!["state"]!);
        Assert.Equal(200, (await serving.Get("/v2/health/ready")).Status);   // as it was asked for
        Assert.Equal(200, (await serving.Post("/v2/repository/models/words/load", "")).Status);
        Assert.Equal(before, Requests.Answers((await serving.Post("/classify/words", """{"series": [[[1, 2]]]}""")).Json));
    }

    [Fact]
    public async Task A_model_that_is_gone_leaves_the_server_not_ready_with_the_reason()
    {
        await using var serving = await TestServing.StartUnloaded(new() { MaxBatch = 1 }, ("words", "/nowhere"));
        Assert.Equal(500, (await serving.Post("/v2/repository/models/words/load", "")).Status);
        Assert.Equal(503, (await serving.Get("/v2/health/ready")).Status);
        Assert.Contains("/nowhere: expected a run's folder", (string)(await serving.Post("/v2/repository/index", "")).Json[0]!["reason"]!);
    }

    [Fact]
    public async Task A_server_that_stops_answers_what_it_has_begun()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1, AtOnce = 1 }, ("shapes", models.Probe));
        var asked = Enumerable.Range(0, 30).Select(i => serving.Post("/classify/shapes", Requests.Plain([TrainedModels.Walk(i)]))).ToArray();
        while (serving.Models.Models[0].QueueLength < 10) await Task.Delay(1, TestContext.Current.CancellationToken);
        var stopping = serving.Stop();
        Assert.False(serving.Models.IsReady);
        var answers = await Task.WhenAll(asked.Select(async one =>
        {
            try
            {
                return (await one).Status;
            }
            catch (HttpRequestException)
            {
                return (int)HttpStatusCode.ServiceUnavailable;   // its connection came after the end
            }
        }));
        await stopping;
        Assert.All(answers, status => Assert.True(status is 200 or 503));
        Assert.True(answers.Count(status => status == 200) >= 10, string.Join(' ', answers));
    }
}
