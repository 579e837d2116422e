using System.Globalization;
using TsVlm.Contracts;

namespace TsVlm.Messaging.Tests;

public class ProcessClaimsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ArtifactKey Key(int number) => new(ArtifactKind.Checkpoint, number.ToString("x64", CultureInfo.InvariantCulture));

    [Fact]
    public async Task A_name_that_nobody_claims_any_more_leaves_nothing_behind()
    {
        var claims = new ProcessClaims();
        for (var i = 0; i < 100; i++) await (await claims.Claim(Key(i), Stop)).DisposeAsync();
        Assert.Equal(0, claims.Count);
    }

    [Fact]
    public async Task A_waiting_claim_gets_its_turn_and_one_that_gave_up_leaves_nothing_behind()
    {
        var claims = new ProcessClaims();
        var first = await claims.Claim(Key(0), Stop);
        var second = claims.Claim(Key(0), Stop);
        using var gaveUp = new CancellationTokenSource();
        var third = claims.Claim(Key(0), gaveUp.Token);
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.False(second.IsCompleted);

        await first.DisposeAsync();
        await first.DisposeAsync();   // a second time frees nothing
        var turn = await second;
        var fourth = claims.Claim(Key(0), Stop);
        Assert.False(fourth.IsCompleted);
        await turn.DisposeAsync();
        await (await fourth).DisposeAsync();
        Assert.Equal(0, claims.Count);
    }
}
