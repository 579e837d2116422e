using TsVlm.Datagen;
using TsVlm.ServiceDefaults.Hosting;
using TsVlm.ServiceDefaults.Messaging;

return await ServiceHost.Run(args, service =>
{
    service.AddArtifacts();
    service.AddModels();
    service.AddMessaging(bus => bus.AddDatagen());
});
