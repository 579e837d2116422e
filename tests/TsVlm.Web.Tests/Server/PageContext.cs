using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TsVlm.Web.Access;

namespace TsVlm.Web.Tests.Server;

/// <summary>Pages over the API of a real server.</summary>
public abstract class PageContext : BunitContext
{
    protected static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    protected PageContext(LocalServer server)
    {
        Server = server;
        Services.AddSingleton(new WebSettings(server.Address, LocalServer.Key, NeedsSignIn: false)).AddSingleton(TimeProvider.System)
            .AddScoped<ServerSession>();
        this.AddAuthorization();
    }

    protected static CancellationToken Now => Xunit.TestContext.Current.CancellationToken;

    protected LocalServer Server { get; }

    protected NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    protected IRenderedComponent<T> Open<T>(string address, params (string Name, object Value)[] parts) where T : IComponent
    {
        Navigation.NavigateTo(address);
        return Render<T>(parameters =>
        {
            foreach (var (name, value) in parts) parameters.TryAdd(name, value);
        });
    }
}
