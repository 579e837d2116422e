using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

/// <summary><c>tsvlm serve</c> as a process of its own, and what it refuses.</summary>
public sealed class ServeTests(SmallExperiment experiment) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_served_run_answers_as_predict_does_and_ends_with_Ctrl_C()
    {
        File.WriteAllText(folder.File("new.csv"), "t0,t1,t2,t3\n0.5,1.5,-2,0.25\n1,2,3,4\n");
        var predicted = await Cli.Run(folder.Path, "predict", "--checkpoint", experiment.RunOf("both"), "--series", "new.csv");
        using var serve = CliProcess.Start(folder.Path, "serve", "--checkpoint", experiment.RunOf("both"), "--name", "shapes",
            "--url", "http://127.0.0.1:0");
        await serve.WaitForOutput("Ready.");
        var address = serve.Output.First(line => line.StartsWith("Listening on ", StringComparison.Ordinal)).Split(' ')[2].Trim(',');
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        double[][][] series = [[[0.5, 1.5, -2, 0.25]], [[1, 2, 3, 4]]];
        using var response = await client.PostAsJsonAsync("/classify/shapes", new { series }, TestContext.Current.CancellationToken);
        var answers = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["answers"]!.AsArray();
        Assert.Equal(predicted.Output.Trim().Split('\n').Skip(1).Select(line => line.Trim()), answers.Select((answer, i) => string.Join(',',
            [$"{i}", (string)answer!["label"]!, .. answer["probabilities"]!.AsObject()
                .Select(p => Math.Round((double)p.Value!, 6).ToString(CultureInfo.InvariantCulture))])));
        serve.Interrupt();
        Assert.Equal(0, (await serve.End()).ExitCode);
    }

    [Theory]
    [InlineData("--name: expected as many names as there are checkpoints, 1, found 2", "--name", "a", "--name", "b")]
    [InlineData("--name: expected up to 128 letters, digits, dots, hyphens and underscores, found 'a/b'", "--name", "a/b")]
    [InlineData("--url: expected an address such as http://127.0.0.1:8000, found 'localhost:80'", "--url", "localhost:80")]
    [InlineData("--grpc-url: expected an address such as http://127.0.0.1:8000, found '8001'", "--grpc-url", "8001")]
    [InlineData("--grpc-url: expected a port other than 0 and that of --url, found 'http://127.0.0.1:8000'", "--grpc-url", "http://127.0.0.1:8000")]
    [InlineData("expected a run's folder", "--max-batch", "1")]
    [InlineData("--max-queue: expected a number from 1 to 1000000, found '0'", "--max-queue", "0")]
    [InlineData("--stream-idle-s: expected a number from 1 to 1000000, found '0'", "--stream-idle-s", "0")]
    public async Task A_server_that_cannot_be_started_is_refused_with_its_reason(string expected, params string[] arguments)
    {
        var checkpoint = expected.Contains("folder", StringComparison.Ordinal) ? folder.Path : experiment.RunOf("both");
        var result = await Cli.Run(folder.Path, ["serve", "--checkpoint", checkpoint, .. arguments]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Error + result.Output);
    }

    public void Dispose() => folder.Dispose();
}
