using System.Net.Http.Headers;
using System.Text;
using RabbitMQ.Client;
using TsVlm.Messaging;
using TsVlm.Tests;

namespace TsVlm.Servers.Tests.Messaging;

/// <summary>The queues of work on a real broker.</summary>
public sealed class BrokerQueuesTests : IAsyncLifetime
{
    private const int NumProcesses = 8;
    private const int NumPlaces = 10;
    private readonly HttpClient management = new();
    private TestServer server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.Start("rabbitmq");
        var uri = new Uri(server.ConnectionString);
        management.BaseAddress = new Uri($"http://127.0.0.1:{uri.Port + 1}/api/");
        management.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(uri.UserInfo)));
    }

    public async ValueTask DisposeAsync()
    {
        management.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Processes_that_come_to_an_empty_broker_at_once_can_all_consume_from_what_they_declared()
    {
        for (var place = 0; place < NumPlaces; place++)
        {
            var host = $"place{place}";
            await Put($"vhosts/{host}", "{}");
            await Put($"permissions/{host}/tsvlm", """{"configure":".*","write":".*","read":".*"}""");
            var factory = new ConnectionFactory { Uri = new($"{server.ConnectionString}/{host}"), AutomaticRecoveryEnabled = false };
            await Task.WhenAll(Enumerable.Range(0, NumProcesses).Select(_ => Task.Run(() => DeclareAndConsume(factory), Stop)));
        }
    }

    [Fact]
    public async Task A_broker_that_is_there_takes_messages_and_one_that_is_away_does_not()
    {
        var factory = new ConnectionFactory { Uri = new(server.ConnectionString), AutomaticRecoveryEnabled = false };
        await using var broker = new BrokerConnection(cancellationToken => factory.CreateConnectionAsync(cancellationToken));
        Assert.True(await broker.Accepts(Stop));
        await server.Stop();
        Assert.False(await broker.Accepts(Stop));
    }

    private static async Task DeclareAndConsume(ConnectionFactory factory)
    {
        await using var broker = new BrokerConnection(cancellationToken => factory.CreateConnectionAsync(cancellationToken));
        await new BrokerQueues(broker, new BrokerClaims(broker, TimeProvider.System)).Declare(Stop);
        await using var connection = await factory.CreateConnectionAsync(Stop);
        // the last made first
        foreach (var queue in CommandQueues.All.SelectMany(queue => new[] { CommandQueues.DeadLettersOf(queue), queue })
            .Append(CommandQueues.Events).Reverse())
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
            await channel.BasicConsumeAsync(queue, autoAck: false, new AsyncDefaultBasicConsumer(channel), Stop);
        }
        Assert.True(connection.IsOpen);
    }

    private async Task Put(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        (await management.PutAsync(new Uri(path, UriKind.Relative), content, Stop)).EnsureSuccessStatusCode();
    }
}
