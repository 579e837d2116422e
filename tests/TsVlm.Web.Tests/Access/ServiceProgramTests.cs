using System.Diagnostics;
using System.Net;
using TsVlm.Tests;
using TsVlm.Web.Tests.Server;

namespace TsVlm.Web.Tests.Access;

/// <summary>The service as a process of its own.</summary>
public sealed class ServiceProgramTests(LocalServer server)
{
    private const string Address = "Scenarios__Address";
    private const string Key = "Scenarios__Key";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_service_starts_without_broker_or_store_and_reports_its_health()
    {
        var start = Program(("ASPNETCORE_URLS", "http://127.0.0.1:0"), (Address, server.Address.ToString()));
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        try
        {
            string? listening = null;
            while (listening is null)
                listening = await process.StandardOutput.ReadLineAsync(Now) is { } line
                    ? line.Split("Now listening on: ") is [_, var found] ? found.Trim() : null
                    : throw new InvalidOperationException("The service ended before it listened.");
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
            using var health = await http.GetAsync($"{listening}/health", Now);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
            using var page = await http.GetAsync(listening, Now);
            Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);   // to the sign-in: the environment is not Development
        }
        finally
        {
            process.Kill();
        }
    }

    [Theory]
    [InlineData("", "", "Scenarios__Address: expected the address of the scenarios service, such as http://scenarios:8080, found nothing.")]
    [InlineData("scenarios", "", "Scenarios__Address: expected the address of the scenarios service, such as http://scenarios:8080, found 'scenarios'.")]
    [InlineData("http://scenarios:8080", "key", "Scenarios__Key: expected nothing, for each user signs in with a key, found a key.")]
    [InlineData("http://scenarios:8080", "", "Web__TraceAddress: expected the http or https address of a trace with {traceId} for its id", "javascript:alert('{traceId}')")]
    public async Task A_wrong_setting_ends_the_service_with_one_line(string address, string key, string expected, string trace = "")
    {
        var (exitCode, _, error) = await EndedProcess.Run(
            Program(("ASPNETCORE_URLS", "http://127.0.0.1:0"), (Address, address), (Key, key), ("Web__TraceAddress", trace)), cancellationToken: Now);
        Assert.Equal(1, exitCode);
        Assert.StartsWith(expected, Assert.Single(error.Trim().Split('\n')));
    }

    private static ProcessStartInfo Program(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "TsVlm.Web.dll")]);
        foreach (var (name, value) in settings) start.Environment[name] = value;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        return start;
    }
}
