using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace TsVlm.AppHost;

/// <summary>
/// The three servers: containers where Docker or Podman runs, else processes of this machine (eng/servers); <c>--Servers containers</c> or
/// <c>--Servers processes</c> chooses. One whose connection string is set is there already, as the blob store is when published.
/// </summary>
internal static class Servers
{
    private static readonly TimeSpan RuntimePatience = TimeSpan.FromSeconds(5);
    private static readonly Lazy<bool> HasContainerRuntime = new(() => Runs("docker") || Runs("podman"));

    private const string EmulatorAccount =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    /// <summary>RabbitMQ. A training holds its delivery; the broker must not take it away after 30 minutes. Seven days.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddMessaging(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.IsThere(name)) return builder.AddConnectionString(name);
        if (!builder.UsesProcesses())
        {
            return builder.AddRabbitMQ(name)
                .WithManagementPlugin()
                .WithDataVolume("tsvlm-messaging-data")
                .WithEnvironment("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-rabbit consumer_timeout 604800000");
        }
        var server = builder.AddProcess(name, "rabbitmq", "tcp", 21672,
            endpoint => ReferenceExpression.Create($"amqp://tsvlm:tsvlm@{Address(endpoint)}"));
        server.WithUrls(context => context.Urls.Add(new()
        {
            Url = $"http://127.0.0.1:{server.Resource.GetEndpoint().Port + 1}",   // as eng/servers/rabbitmq.sh has it
            DisplayText = "RabbitMQ management (tsvlm, tsvlm)",
        }));
        IConnection? open = null;   // one, which the client library makes again when it is lost
        builder.Services.AddHealthChecks().AddRabbitMQ(
            async _ => open ??= await new ConnectionFactory { Uri = new(server.Resource.Connection!) }.CreateConnectionAsync(), name + "-check");
        return server.WithHealthCheck(name + "-check");
    }

    /// <summary>PostgreSQL, with one database.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddRuns(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.IsThere(name)) return builder.AddConnectionString(name);
        if (!builder.UsesProcesses())
        {
            // AddDatabase makes the database in run mode only; POSTGRES_DB does when published.
            return builder.AddPostgres("postgres").WithDataVolume("tsvlm-postgres-data").WithEnvironment("POSTGRES_DB", name)
                .AddDatabase(name);
        }
        var server = builder.AddProcess(name, "postgres", "tcp", 21432, endpoint => ReferenceExpression.Create(
            $"Host={endpoint.Property(EndpointProperty.IPV4Host)};Port={endpoint.Property(EndpointProperty.Port)};Database={name};Username=tsvlm"));
        builder.Services.AddHealthChecks().AddNpgSql(_ => server.Resource.Connection!, name: name + "-check");
        return server.WithHealthCheck(name + "-check");
    }

    /// <summary>Azurite, which Azure's own storage takes the place of when published.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddBlobs(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.ExecutionContext.IsPublishMode || builder.IsThere(name)) return builder.AddConnectionString(name);
        // Without a key it refuses, and so tells that it is there.
        const string Refused = "/devstoreaccount1?comp=list";
        if (builder.UsesProcesses())
            return builder.AddProcess(name, "azurite", "http", 21000, Emulator).WithHttpHealthCheck(Refused, 403, ServerProcess.Endpoint);
        var azurite = builder.AddContainer("azurite", "mcr.microsoft.com/azure-storage/azurite", "3.37.0")
            .WithVolume("tsvlm-azurite-data", "/data")
            .WithHttpEndpoint(targetPort: 10000, name: ServerProcess.Endpoint)
            .WithHttpHealthCheck(Refused, 403, ServerProcess.Endpoint);
        return builder.AddConnectionString(name, Emulator(azurite.GetEndpoint(ServerProcess.Endpoint))).WaitFor(azurite);

        static ReferenceExpression Emulator(EndpointReference endpoint) =>
            ReferenceExpression.Create($"{EmulatorAccount}BlobEndpoint=http://{Address(endpoint)}/devstoreaccount1;");
    }

    // By number: Azure's client takes the account of http://localhost:PORT for the container, unless the port is one of its emulators'.
    private static ReferenceExpression Address(EndpointReference endpoint) =>
        ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.IPV4Host)}:{endpoint.Property(EndpointProperty.Port)}");

    private static bool IsThere(this IDistributedApplicationBuilder builder, string name) =>
        !string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name));

    private static bool UsesProcesses(this IDistributedApplicationBuilder builder) => builder.Configuration["Servers"] switch
    {
        _ when builder.ExecutionContext.IsPublishMode => false,
        "containers" => false,
        "processes" => true,
        null => !HasContainerRuntime.Value,
        var other => throw new DistributedApplicationException($"Servers: expected containers or processes, found {other}."),
    };

    private static bool Runs(string runtime)
    {
        try
        {
            var start = new ProcessStartInfo(runtime, "info") { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(RuntimePatience)) return process.ExitCode == 0;
            process.Kill();
            return false;
        }
        catch (Win32Exception)
        {
            return false;   // no such program
        }
    }

    private static IResourceBuilder<ServerProcess> AddProcess(
        this IDistributedApplicationBuilder builder, string name, string script, string scheme, int standardPort,
        Func<EndpointReference, ReferenceExpression> connection)
    {
        var port = builder.Configuration.GetValue($"Servers:Ports:{name}", standardPort);
        var repository = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, ".."));
        var data = builder.Configuration["Servers:Folder"] ?? Path.Combine(repository, ".local");
        var folder = Path.Combine(Path.GetRelativePath(repository, data), script);
        var path = Path.Combine(repository, "eng/servers", script + ".sh");
        var server = builder.AddResource(new ServerProcess(name, path, repository, connection))
            .WithArgs("run", folder, port)
            .WithEndpoint(port: port, scheme: scheme, name: ServerProcess.Endpoint, isProxied: false);
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(
            server.Resource,
            async (_, stop) => server.Resource.Connection = await server.Resource.ConnectionStringExpression.GetValueAsync(stop));
        return server;
    }
}

/// <summary>A server as a process, with a connection string.</summary>
/// <param name="name">Of the resource and the connection.</param>
/// <param name="script">Runs it until it is told to stop.</param>
/// <param name="folder">Where the script runs.</param>
/// <param name="connect">Makes the connection string of the server's endpoint.</param>
internal sealed class ServerProcess(string name, string script, string folder, Func<EndpointReference, ReferenceExpression> connect)
    : ExecutableResource(name, script, folder), IResourceWithConnectionString
{
    /// <summary>Name of its endpoint.</summary>
    public const string Endpoint = "server";

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => connect(GetEndpoint());

    /// <summary>Its endpoint.</summary>
    public EndpointReference GetEndpoint() => new(this, Endpoint);

    /// <summary>The connection string, once there is one.</summary>
    public string? Connection { get; set; }
}
