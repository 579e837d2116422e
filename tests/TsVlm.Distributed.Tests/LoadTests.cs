namespace TsVlm.Distributed.Tests;

public sealed class LoadTests
{
    [Fact]
    public Task Runs_whose_artifacts_are_there_all_complete() => ChaosProgram.Run("load", "--runs", "50");
}
