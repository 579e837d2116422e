using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary>A service whose bus cannot come up although the broker is there.</summary>
public sealed class StuckBusTests(Servers servers)
{
    [Fact]
    public async Task A_stuck_bus_is_logged_with_its_cause_and_ends_the_process_with_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        var (messaging, _, host) = await servers.CreatePlace();
        await servers.MakeClassicQueue(host, "train-model");   // services make it of another kind, which the broker refuses
        await using var trainer = ServiceProcess.Start("trainer", new Dictionary<string, string>
        {
            ["ConnectionStrings__messaging"] = messaging,
            ["ConnectionStrings__blobs"] = $"folder:{folder.File("artifacts")}",
            ["Messaging__UnhealthySeconds"] = "10",
        });
        Assert.Equal(1, await trainer.Ended(TimeSpan.FromSeconds(120)));
        Assert.Contains("for queue 'train-model'", trainer.Log);
        Assert.Contains("The broker takes messages, but the bus is not ready", trainer.Log);
    }
}
