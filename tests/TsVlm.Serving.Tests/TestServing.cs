using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Serving.Hosting;
using TsVlm.Serving.Models;
using TsVlm.Serving.Streams;
using TsVlm.VisionLanguage.Numerics;

namespace TsVlm.Serving.Tests;

/// <summary>A serving process on a free port, and a client of it.</summary>
internal sealed class TestServing : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestServing(WebApplication app, string? grpcUrl)
    {
        this.app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single(url => url != grpcUrl)) };
        if (grpcUrl is not null) Channel = GrpcChannel.ForAddress(grpcUrl);
    }

    /// <summary>A channel for gRPC, where it was started with that.</summary>
    public GrpcChannel? Channel { get; }

    public HttpClient Client { get; }

    public ModelRepository Models => app.Services.GetRequiredService<ModelRepository>();

    /// <summary>Starts it and loads the models.</summary>
    public static Task<TestServing> Start(ServingSettings? settings, params (string Name, string Folder)[] models) =>
        Start(settings, TimeProvider.System, models);

    /// <summary>Starts it with a clock of the test's own, and loads the models.</summary>
    public static async Task<TestServing> Start(ServingSettings? settings, TimeProvider clock, params (string Name, string Folder)[] models)
    {
        var serving = await Start(settings, clock, grpcUrl: null, models);
        await serving.Models.LoadAll(TestContext.Current.CancellationToken);
        return serving;
    }

    /// <summary>Starts it.</summary>
    public static Task<TestServing> StartUnloaded(ServingSettings? settings, params (string Name, string Folder)[] models) =>
        Start(settings, TimeProvider.System, grpcUrl: null, models);

    /// <summary>Starts it with gRPC too, and loads the models.</summary>
    public static async Task<TestServing> StartWithGrpc(ServingSettings? settings, params (string Name, string Folder)[] models)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var serving = await Start(settings, TimeProvider.System, $"http://127.0.0.1:{port}", models);
        await serving.Models.LoadAll(TestContext.Current.CancellationToken);
        return serving;
    }

    private static async Task<TestServing> Start(ServingSettings? settings, TimeProvider clock, string? grpcUrl, (string Name, string Folder)[] models)
    {
        var app = ServingHost.Build("http://127.0.0.1:0", grpcUrl, ModelSource.Of(models), ComputeDevice.Cpu,
            settings ?? new() { MaxBatch = 3 }, "1.2.3", builder => builder.Services.AddSingleton(clock));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, grpcUrl);
    }

    public OpenStreams Streams => app.Services.GetRequiredService<OpenStreams>();

    /// <summary>A WebSocket at an address.</summary>
    public async Task<ClientWebSocket> Connect(string path)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(Client.BaseAddress!) { Scheme = "ws", Path = path }.Uri, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Status and JSON of a GET.</summary>
    public async Task<(int Status, JsonNode Json)> Get(string path)
    {
        using var response = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Status and JSON of a POST.</summary>
    public async Task<(int Status, JsonNode Json)> Post(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Stops as Ctrl-C does.</summary>
    public Task Stop() => app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Channel?.Dispose();
        await app.DisposeAsync();
    }
}
