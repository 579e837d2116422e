namespace TsVlm.Distributed.Tests;

public sealed class SettingTests
{
    private const string Messaging = "ConnectionStrings__messaging=amqp://u:secret@127.0.0.1:1";
    private const string Blobs = "ConnectionStrings__blobs=folder:/tmp/tsvlm-settings";
    private const string Runs = "ConnectionStrings__runs=Host=127.0.0.1;Database=runs";

    [Theory]
    [InlineData("ConnectionStrings__blobs", "datagen", Messaging)]
    [InlineData("ConnectionStrings__messaging", "datagen", Blobs)]
    [InlineData("ConnectionStrings__messaging", "evaluator", Blobs, "ConnectionStrings__messaging=http://secret@host")]
    [InlineData("ConnectionStrings__runs", "scenarios", Messaging, Blobs)]
    [InlineData("ConnectionStrings__runs", "scenarios", Messaging, Blobs, "ConnectionStrings__runs=secret")]
    [InlineData("Models__Directory", "datagen", Messaging, Blobs, "Models__Directory=/no/such/folder")]
    [InlineData("Trainer__Device", "trainer", Messaging, Blobs, "Trainer__Device=quantum")]
    [InlineData("Trainer__NumThreads", "trainer", Messaging, Blobs, "Trainer__NumThreads=0")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "datagen", Messaging, Blobs, "OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "datagen", Messaging, Blobs, "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317",
        "OTEL_EXPORTER_OTLP_PROTOCOL=http")]
    [InlineData("Api__Key", "scenarios", Messaging, Blobs, Runs, "ASPNETCORE_ENVIRONMENT=Production")]
    public async Task A_missing_or_wrong_setting_stops_a_service_at_once_with_one_line_that_names_the_key(string key, string service,
        params string[] settings)
    {
        await using var process =
            ServiceProcess.Start(service, settings.Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]));
        Assert.Equal(1, await process.Ended(TimeSpan.FromSeconds(20)));
        var line = Assert.Single(process.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith($"{key}: ", line);
        Assert.DoesNotContain("secret", line);
    }
}
