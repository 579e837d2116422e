using System.Net;
using System.Text;
using TsVlm.Cli.Display;
using TsVlm.Cli.Server;
using TsVlm.Client;
using TsVlm.Contracts.Http;
using TsVlm.Tests;

namespace TsVlm.Cli.Tests.Server;

public sealed class ServerExperimentTests : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly string address = $"http://127.0.0.1:{TestServer.FreePorts()}/";

    [Fact]
    public async Task A_server_that_starts_again_and_is_not_ready_is_asked_again()
    {
        listener.Prefixes.Add(address);
        listener.Start();
        var answers = Answer(
            (503, "application/problem+json", """{ "detail": "The database does not answer now." }"""),
            (200, "text/event-stream", "event: experiment-ended\ndata: { \"report\": \"done\" }\n\n"));
        using var client = new TsVlmClient(new Uri(address), key: null, TimeProvider.System);
        var told = new List<string>();
        var experiment = new ServerExperiment(client, "some", new RunMonitor(), TimeProvider.System);
        await experiment.Follow(told.Add, TestContext.Current.CancellationToken);
        await answers;
        Assert.Equal(StageStatus.Done, experiment.End!.Report);
        Assert.Equal(2, told.Count);
        Assert.Contains("The database does not answer now.", told[0]);
        Assert.Equal("The server is back.", told[1]);
    }

    [Fact]
    public async Task A_server_that_refuses_is_not_asked_again()
    {
        listener.Prefixes.Add(address);
        listener.Start();
        var answers = Answer((404, "application/problem+json", """{ "detail": "Expected the id of an experiment." }"""));
        using var client = new TsVlmClient(new Uri(address), key: null, TimeProvider.System);
        var experiment = new ServerExperiment(client, "some", new RunMonitor(), TimeProvider.System);
        var error = await Assert.ThrowsAsync<ServerException>(() => experiment.Follow(_ => { }, TestContext.Current.CancellationToken));
        await answers;
        Assert.Equal("Expected the id of an experiment.", error.Message);
    }

    public void Dispose() => ((IDisposable)listener).Dispose();

    private async Task Answer(params (int Status, string Type, string Text)[] answers)
    {
        foreach (var (status, type, text) in answers)
        {
            var context = await listener.GetContextAsync();
            (context.Response.StatusCode, context.Response.ContentType) = (status, type);
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
            context.Response.Close();
        }
    }
}
