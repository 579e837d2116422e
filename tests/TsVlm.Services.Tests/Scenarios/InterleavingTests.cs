namespace TsVlm.Services.Tests.Scenarios;

/// <summary>Random interleavings on SQLite; the servers' tests run the same on PostgreSQL.</summary>
public sealed class InterleavingTests : RunStateTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 6)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Every_report_is_of_the_runs_as_they_ended_whatever_comes_in_between(int seed)
    {
        var world = new InterleavedWorld(Databases, seed, Stop);
        for (var step = 0; step < 250; step++) await world.Step();
        await world.Settle();
        Assert.NotEqual(0, world.NumReported);
    }
}
